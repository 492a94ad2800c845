create table t (a int, b varchar(20), j json, key f1 ((a + 2)), unique f3 ((upper(b)), a), key mv ((cast(j->'$.ids' as unsigned array))), key f2 ((lower(b)) desc));
