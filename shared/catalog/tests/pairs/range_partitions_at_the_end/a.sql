create table t (id int, d date not null) partition by range columns (d) (partition p2020 values less than ('2021-01-01'), partition p2021 values less than ('2022-01-01'));
