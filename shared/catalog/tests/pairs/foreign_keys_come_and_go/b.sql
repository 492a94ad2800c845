create table p (id int primary key, code int not null unique);
create table c (id int primary key, p_id int, p_code int, self int, constraint fk1 foreign key (p_id) references p (id) on delete set null on update cascade, constraint fk3 foreign key (self) references c (id));
