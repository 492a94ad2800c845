create table t (x int, b int, primary key (x)) partition by range (x) (partition p values less than (10), partition q values less than maxvalue);
