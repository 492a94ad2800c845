create table t (a int, b int, key k1 (a), key k2 (b));
