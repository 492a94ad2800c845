create table a (id int primary key);
create table b (x int, y int, key x (x), key xy (x, y), constraint b_ibfk_1 foreign key (x) references a (id));
create table c (x int, key x (x), constraint c_ibfk_1 foreign key (x) references a (id), constraint c_ibfk_2 foreign key (x) references a (id) on update cascade);
