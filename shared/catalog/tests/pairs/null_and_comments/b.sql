create table t (a int not null, b int comment 'new \\ ''q''', c int comment 'same', d varchar(5) not null comment 'added') comment='after; -- x';
