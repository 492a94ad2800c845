create table q (id int primary key, more int);
create table c (id int primary key, x int, key (x), constraint cx foreign key (x) references q (id));
create table n (id int primary key, x int, constraint nx foreign key (x) references c (id));
