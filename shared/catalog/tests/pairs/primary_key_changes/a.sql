create table t (a int not null, b int not null, c int, primary key (a), key b (b));
create table u (a int, b int);
create table w (a int primary key, b int);
