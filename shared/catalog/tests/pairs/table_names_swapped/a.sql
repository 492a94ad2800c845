create table a (id int primary key, x int);
create table b (id bigint primary key, y varchar(10));
