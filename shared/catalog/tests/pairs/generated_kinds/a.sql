create table t (a int, v int as (a + 1) virtual, s int as (a + 2) stored, p int, q int, e int as (a + 3) virtual, key kv (v));
