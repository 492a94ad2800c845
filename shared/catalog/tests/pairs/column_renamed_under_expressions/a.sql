create table t (id int primary key, a int, twice int as (a * 2) stored, four int as (twice * 2) virtual, d int default (a + 1), key fn ((a + 1)), constraint positive check (a > 0));
