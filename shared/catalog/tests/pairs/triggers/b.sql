create table t (a int, b int);
create trigger three before insert on t for each row set new.a = 3;
create trigger zero before insert on t for each row set new.a = 0;
create trigger one before insert on t for each row set new.a = 1;
create trigger two before insert on t for each row set new.b = 2;
create trigger fresh after update on t for each row set @x = 2;
