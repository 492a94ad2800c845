create table t (e json, a bigint, new1 int, c int not null default 4, b varchar(20) not null, f int, new2 int);
