create table t (a int, v int, s int, w int as (a + 1) virtual not null comment 'w');
