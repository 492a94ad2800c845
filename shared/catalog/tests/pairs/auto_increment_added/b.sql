create table t (id bigint unsigned not null auto_increment, name varchar(10), primary key (id));
