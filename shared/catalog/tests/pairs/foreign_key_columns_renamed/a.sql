create table p (id int primary key, x int);
create table c (id int primary key, p int, constraint cp foreign key (p) references p (id));
