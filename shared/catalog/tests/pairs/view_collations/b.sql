create table t (id int primary key);
create view w as select 'a' = 'b' as x;
set collation_connection = 'utf8mb4_general_ci';
create view v as select 1 as x;
set collation_connection = 'utf8mb4_0900_ai_ci';
create procedure p() select 2;
