create table t (a int not null auto_increment, b int not null, primary key (a));
