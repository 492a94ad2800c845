create table t (a int, v int as (a + 1) virtual, s int as (a + 2) stored, w int as (s + 1) virtual not null);
