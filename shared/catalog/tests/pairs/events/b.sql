set time_zone = '+02:00';
create event e on schedule every 2 hour starts '2030-01-01 00:00:00' ends '2031-01-01 00:00:00' on completion preserve disable comment 'now' do begin select 1; select 2; end;
create event fresh on schedule at '2036-01-01 00:00:00' do select 1;
