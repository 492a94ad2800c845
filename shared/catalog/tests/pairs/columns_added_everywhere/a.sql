create table t (b int, d int, primary key (b));
