create table t (id int primary key, f binary(3) default x'ff00fe', g varbinary(9) default 'ab', h binary(4) default 0xff, i varbinary(4) default 0xc3a4);
