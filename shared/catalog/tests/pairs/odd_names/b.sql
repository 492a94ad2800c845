create table `a b` (`select` bigint, `x``y` varchar(20) comment '`', `ünï` int, `new;` int, key `k ``2` (`select`), constraint `c "1"` check (`ünï` > 0));
create view `v.1` as select `select` as `from`, `x``y` as `to` from `a b`;
