create table t (a varchar(10) charset latin1, b char(5) charset latin1, c int, d varchar(5)) charset=utf8mb4 collate=utf8mb4_unicode_ci;
