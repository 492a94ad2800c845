create table t (a varchar(10), b text, c enum('x','y'), d int, e varchar(10) collate utf8mb4_bin) charset=utf8mb4;
