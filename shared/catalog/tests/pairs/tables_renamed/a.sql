create table old_parent (id int primary key, a int, check (a > 0));
create table child (id int primary key, p int, foreign key (p) references old_parent (id));
create trigger tr before insert on old_parent for each row set new.a = 1;
