create table t (a int) engine=innodb row_format=compact stats_persistent=1 comment='x' max_rows=10 min_rows=1 avg_row_length=8 checksum=1;
