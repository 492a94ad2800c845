create function f (a int) returns varchar(20) deterministic return concat('x', a);
create procedure p (in a int, out b int) reads sql data comment 'old' set b = a;
create procedure gone () select 1;
