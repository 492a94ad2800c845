create table t (a int) engine=innodb row_format=dynamic stats_auto_recalc=0 stats_sample_pages=12 key_block_size=0 pack_keys=1 delay_key_write=1;
