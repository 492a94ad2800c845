create table t (id int primary key, b int, g int as (b) virtual, constraint ab check (0 < b), key fn ((b * b)));
