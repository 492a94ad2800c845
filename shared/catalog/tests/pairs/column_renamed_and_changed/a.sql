create table t (id int primary key, name varchar(20), price decimal(8,2), key by_name (name));
