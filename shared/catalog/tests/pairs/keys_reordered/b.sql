create table t (a int, b int, c int, d int not null, e int not null, key k3 (c), key k1 (a), key k2 (b), unique u2 (b), unique u1 (a), unique n2 (e), unique n1 (d));
