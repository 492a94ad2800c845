set sql_mode = 'STRICT_TRANS_TABLES';
create procedure p () select 1;
set sql_mode = 'ANSI';
create procedure q () select 2;
