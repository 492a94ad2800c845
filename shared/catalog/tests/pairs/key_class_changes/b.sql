create table t (a int not null, b int, c int not null, unique ua (a), unique ub (b), unique kc (c));
