create table t (a int, c int);
create view z as select a, c from t;
create view m as select a, c from z where c > 1;
create algorithm=merge sql security invoker view a (x) as select a from m with check option;
create view b as select x from a;
