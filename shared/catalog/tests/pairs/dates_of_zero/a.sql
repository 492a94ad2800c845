create table p (id int primary key);
create table t (id int primary key, d datetime not null default '0000-00-00 00:00:00', e date, p int, constraint f foreign key (p) references p (id));
create table u (id int primary key);
create table gone (id int primary key, x timestamp null default '0000-00-00 00:00:00');
