create table t (a int not null, b int not null auto_increment, c int, primary key (b), key a (a));
