create table p (pid int primary key, x int);
create table c (id int primary key, parent int, constraint cp foreign key (parent) references p (pid));
