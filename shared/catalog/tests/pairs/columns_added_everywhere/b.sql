create table t (a varchar(10) not null default 'x', b int, c text, d int, e datetime(3) default current_timestamp(3), primary key (b));
