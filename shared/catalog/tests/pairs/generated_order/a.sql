create table t (id int primary key, a int, b int as (a + 1) stored, c int as (b + 1) stored);
