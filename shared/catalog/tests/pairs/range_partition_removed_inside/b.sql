create table t (id int primary key, x int, y int) partition by range (id) (partition a values less than (10), partition c values less than (30) comment = 'kept');
