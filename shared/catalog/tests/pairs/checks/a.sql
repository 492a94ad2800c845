create table t (a int check (a > 0), b int, constraint c1 check (b > 1), constraint c2 check (b < 100), constraint gone check (a <> 7));
create table u (a int, constraint moves check (a > 1));
