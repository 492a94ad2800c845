set sql_mode = '';
create procedure p () select 1;
set sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES';
create procedure q () select 2;
set sql_mode = 'STRICT_TRANS_TABLES';
create procedure r () select 3;
