create table t (a int, b int, constraint c1 check (b > 2), constraint c2 check (b < 100) not enforced, constraint c3 check (a between 1 and 9 or b is null), constraint moves check (b <> 3));
create table u (a int);
