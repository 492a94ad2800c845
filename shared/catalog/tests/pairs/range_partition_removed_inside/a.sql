create table t (id int primary key, x int) partition by range (id) (partition a values less than (10), partition b values less than (20), partition c values less than (30));
