create table t (a int, b int not null, c varchar(100), d text, e point not null srid 0, key ka (a), unique ub (b), fulltext fd (d));
