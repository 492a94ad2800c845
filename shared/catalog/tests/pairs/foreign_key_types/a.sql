create table p (id int not null primary key, name varchar(10), unique (name));
create table c (id int primary key, p_id int, p_name varchar(10), foreign key (p_id) references p (id), foreign key (p_name) references p (name));
