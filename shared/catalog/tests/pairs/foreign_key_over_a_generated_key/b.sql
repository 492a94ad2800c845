create table a (id bigint primary key);
create table b (x bigint, foreign key (x) references a (id));
create table c (x bigint, y int, key x (x), key xy (x, y), foreign key (x) references a (id));
create table d (x bigint, key named (x), constraint other foreign key (x) references a (id) on delete cascade);
create table e (x bigint, y int, key x (x), key y (y), constraint e_ibfk_9 foreign key (x) references a (id));
