create table t (a int, b int, c int, key k1 (a), key k2 (b), unique k3 (c));
