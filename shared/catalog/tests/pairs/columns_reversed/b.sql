create table t (f int, e int, d int, c int, b int, a int);
