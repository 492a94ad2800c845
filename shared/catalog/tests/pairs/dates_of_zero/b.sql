create table p (id bigint primary key);
create table t (id int primary key, d datetime not null, e date default '2000-00-00', p bigint, q int, constraint f foreign key (p) references p (id));
create table u (id int primary key, x timestamp(3) null default '0000-00-00 00:00:00', y date default '2000-10-00');
