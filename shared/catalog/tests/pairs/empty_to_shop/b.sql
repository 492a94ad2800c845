create table customer (id bigint unsigned not null auto_increment primary key, email varchar(190) not null unique, name varchar(80));
create table orders (id int not null auto_increment, customer_id bigint unsigned not null, total decimal(12,2) not null default 0, primary key (id), key (customer_id), constraint orders_customer foreign key (customer_id) references customer (id) on delete cascade);
create view open_orders as select o.id, c.email from orders o join customer c on c.id = o.customer_id where o.total > 0;
