create table t (name varchar(10));
