create table t (a int, b int, c int not null, unique ua (a), unique ub (b), key kc (c));
