set foreign_key_checks = 0;
create table a (id int primary key, b_id int, constraint a_b foreign key (b_id) references b (id));
create table b (id int primary key, c_id int, constraint b_c foreign key (c_id) references c (id));
create table c (id int primary key, a_id int, constraint c_a foreign key (a_id) references a (id));
create table d (id int primary key, a_id int, constraint d_a foreign key (a_id) references a (id));
set foreign_key_checks = 1;
