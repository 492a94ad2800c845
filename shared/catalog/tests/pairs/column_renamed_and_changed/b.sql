create table t (id int primary key, title varchar(40) not null default '', price decimal(10,2), key by_name (title));
