create table t (id int primary key, name varchar(10), key byname (name));
