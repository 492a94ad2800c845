create table t (a int, v int as (a + 1) stored, s int as (a + 2) virtual, p int as (a * 2) stored, q int as (a * 3) virtual, e int as (a + 4) virtual, key kv (v));
