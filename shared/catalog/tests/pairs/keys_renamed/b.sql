create table t (a int, b int, c int, key first (a), key k2 (b), unique third (c));
