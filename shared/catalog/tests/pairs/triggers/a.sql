create table t (a int, b int);
create trigger one before insert on t for each row set new.a = 1;
create trigger two before insert on t for each row set new.a = 2;
create trigger three before insert on t for each row set new.a = 3;
create trigger gone after delete on t for each row set @x = 1;
