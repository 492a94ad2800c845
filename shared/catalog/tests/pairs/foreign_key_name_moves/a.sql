create table p (id int primary key);
create table a (id int primary key, constraint link foreign key (id) references p (id));
create table b (id int primary key);
