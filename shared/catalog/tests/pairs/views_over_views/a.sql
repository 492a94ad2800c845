create table t (a int, b int);
create view z as select a from t;
create view m as select a from z;
create view a as select a from m;
