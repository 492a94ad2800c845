create table a (id int primary key);
create table b (x int, foreign key (x) references a (id));
create table c (x int, y int, foreign key (x) references a (id));
create table d (x int, constraint named foreign key (x) references a (id));
create table e (x int, y int, foreign key (x) references a (id), foreign key (y) references a (id));
