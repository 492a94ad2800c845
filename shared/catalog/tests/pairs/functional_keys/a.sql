create table t (a int, b varchar(20), j json, key f1 ((a + 1)), key f2 ((lower(b))), key mv ((cast(j->'$.tags' as unsigned array))));
