create table p (id int primary key, code int not null unique);
create table c (id int primary key, p_id int, p_code int, constraint fk1 foreign key (p_id) references p (id), constraint fk2 foreign key (p_code) references p (code) on delete cascade);
