create table t (id int primary key, g point not null srid 4326, k int, spatial key s (g), key k (k));
