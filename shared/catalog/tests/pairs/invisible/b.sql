create table t (a int primary key, b int, c int invisible, d int default 6, key kb (b) invisible, key kc (c));
