create table t (id int primary key, f binary(3) default x'ff00ff', g varbinary(9) default 0xff, h binary(4), i varbinary(4) default 0x6162);
