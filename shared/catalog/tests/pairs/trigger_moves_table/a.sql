create table t (a int);
create table u (a int);
create trigger tr before insert on t for each row set new.a = 1;
