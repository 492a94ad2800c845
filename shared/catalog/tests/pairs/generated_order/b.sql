create table t (id int primary key, b int as (a + 1) stored, d int, c int as (b + 1) stored, a int);
