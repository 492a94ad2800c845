create table t (a int, b int, primary key (a)) partition by range (a) (partition p values less than (10), partition q values less than maxvalue);
