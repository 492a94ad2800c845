create table n (nid int primary key, parent int, up int, constraint p foreign key (up) references n (nid) on update cascade);
