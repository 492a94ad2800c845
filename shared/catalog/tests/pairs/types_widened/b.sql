create table t (a int, b bigint unsigned, c varchar(300), d decimal(9,3), e longtext, f enum('a','b','c'), g double, h datetime(6), i varchar(9), j set('x','y'));
