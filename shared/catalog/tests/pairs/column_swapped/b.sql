create table t (id int primary key, second varchar(10) comment 'two', first varchar(10) comment 'one');
