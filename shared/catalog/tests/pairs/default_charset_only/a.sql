create table t (a varchar(10), b char(5), c int) charset=latin1;
