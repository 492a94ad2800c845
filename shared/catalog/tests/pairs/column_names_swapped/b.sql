create table t (id int primary key, b int, a varchar(10), key ka (b), key kb (a));
