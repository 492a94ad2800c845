create table parent (id int primary key, a int, b int, check (a > 0));
create table kid (id int primary key, p int, foreign key (p) references parent (id));
create trigger tr before insert on parent for each row set new.a = 1;
