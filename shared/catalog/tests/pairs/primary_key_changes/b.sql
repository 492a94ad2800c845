create table t (a int not null, b int not null, c int, primary key (b, a));
create table u (a int, b int, primary key (a, b));
create table w (a int not null, b int);
