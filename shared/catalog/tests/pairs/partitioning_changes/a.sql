create table h (id int primary key) partition by hash (id) partitions 4;
create table k (id int primary key) partition by key (id) partitions 6;
create table n (id int primary key);
create table g (id int primary key) partition by hash (id) partitions 2;
create table s (a int, b int) partition by range (a) subpartition by hash (b) subpartitions 2 (partition p0 values less than (10), partition p1 values less than (20));
