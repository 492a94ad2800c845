create table t (id int primary key, first varchar(10) comment 'one', second varchar(10) comment 'two');
