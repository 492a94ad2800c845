create table t (a varchar(10), b varchar(10) collate utf8mb4_0900_as_cs, key (a), key (b)) collate=utf8mb4_general_ci;
