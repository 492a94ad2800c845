create table p (id int primary key);
create table q (id int primary key);
create table c (id int primary key, x int, key (x), constraint cx foreign key (x) references p (id));
