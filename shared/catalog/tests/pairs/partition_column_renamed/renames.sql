alter table t change a x int;
