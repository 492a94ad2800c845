create table t (a varchar(10) collate utf8mb4_bin, b varchar(10), key (a), key (b)) collate=utf8mb4_general_ci;
