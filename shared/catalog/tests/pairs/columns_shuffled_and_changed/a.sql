create table t (a int, b varchar(10), c int not null, d date, e json, f int);
