create table a (id int primary key);
create table b (x int, y int, foreign key (x) references a (id));
create table c (x int, foreign key (x) references a (id));
