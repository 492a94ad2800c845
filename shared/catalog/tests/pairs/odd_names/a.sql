create table `a b` (`select` int, `x``y` varchar(10), `ünï` int, key `k ``1` (`select`));
create view `v.1` as select `select` as `from` from `a b`;
