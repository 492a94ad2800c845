create table b (id int primary key, x int);
create table a (id bigint primary key, y varchar(10));
