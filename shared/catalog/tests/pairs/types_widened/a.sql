create table t (a tinyint, b int unsigned, c varchar(10), d decimal(5,2), e text, f enum('a','b'), g float, h datetime, i char(5), j set('x'));
