alter table t rename column a to b, rename column b to a;
