create table t (a int, b int, key k1 (b), key k2 (a));
