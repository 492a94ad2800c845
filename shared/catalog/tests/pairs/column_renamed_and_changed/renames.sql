alter table t change name title varchar(40) not null default '';
