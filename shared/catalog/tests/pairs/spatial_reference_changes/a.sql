create table t (id int primary key, g point not null srid 0, k int, spatial key s (g), key k (k));
