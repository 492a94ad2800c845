create table t (a int) partition by list (a) (partition p0 values in (1,2), partition p1 values in (3,4), partition p2 values in (5));
