create table t (a int, b int comment 'old', c int not null comment 'same', d varchar(5) not null) comment='before';
