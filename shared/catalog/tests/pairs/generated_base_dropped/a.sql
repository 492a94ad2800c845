create table t (id int primary key, a int, b int, g int as (a + b) virtual, constraint ab check (a < b), key fn ((a * b)));
