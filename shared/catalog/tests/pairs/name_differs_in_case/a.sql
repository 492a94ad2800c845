create table t (Id int primary key, Name varchar(10), key ByName (Name));
