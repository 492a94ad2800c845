create table t (a int, b int, c int, d int not null, e int not null, key k1 (a), key k2 (b), key k3 (c), unique u1 (a), unique u2 (b), unique n1 (d), unique n2 (e));
