create table n (id int primary key, parent int, constraint p foreign key (parent) references n (id));
