create table u (a int);
create table w (a int);
create trigger tr after insert on w for each row set @a = new.a;
create trigger tr2 before update on u for each row set new.a = 3;
