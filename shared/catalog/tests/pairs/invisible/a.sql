create table t (a int primary key, b int invisible, c int, d int default 5 invisible, key kb (b), key kc (c) invisible);
