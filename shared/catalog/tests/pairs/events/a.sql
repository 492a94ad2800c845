set time_zone = '+00:00';
create event e on schedule every 1 day starts '2030-01-01 00:00:00' do delete from mysql.nothing;
create event gone on schedule at '2035-01-01 00:00:00' do select 1;
