create table p (id bigint not null primary key, name varchar(20), unique (name));
create table c (id int primary key, p_id bigint, p_name varchar(20), foreign key (p_id) references p (id), foreign key (p_name) references p (name));
