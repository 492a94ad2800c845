create table t (a int primary key, b varchar(10)) engine=innodb;
