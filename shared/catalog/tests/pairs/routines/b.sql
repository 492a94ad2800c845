delimiter //
create function f (a int, b int) returns varchar(40) charset latin1 no sql begin declare x int; set x = a; return concat(x, ';'); end//
create procedure P (in a int, out b int) reads sql data comment 'new' sql security invoker begin set b = a; -- done
end//
create procedure fresh () select 'a;b'//
delimiter ;
