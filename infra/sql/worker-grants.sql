-- The MySQL user of the worker, and all it may do. Run it once on the cluster's writer, as the master user.
--
-- 1. Replace `shop` by each schema that Sluice manages: one GRANT for each. A `_` in a schema's name is written `\_`,
--    because GRANT reads `_` and `%` as wildcards.
-- 2. Put the user's name and password into the secret that the instance's `secret_arn` names
--    ({"username", "password", "host", "port"}), and use it for nothing else.
--
-- Functions and triggers also need the cluster parameter `log_bin_trust_function_creators = 1` where binary logging is on.

CREATE USER IF NOT EXISTS 'sluice'@'%' IDENTIFIED BY 'REPLACE-ME' REQUIRE SSL;

-- The schemas that Sluice manages: definitions and rows, nothing of accounts or of the server.
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW, TRIGGER,
  CREATE ROUTINE, ALTER ROUTINE, EXECUTE, EVENT
  ON `shop`.* TO 'sluice'@'%';

-- Rehearsals: an empty copy of a schema, made and dropped each time.
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW, TRIGGER,
  CREATE ROUTINE, ALTER ROUTINE, EXECUTE, EVENT
  ON `\_sluice\_scratch\_%`.* TO 'sluice'@'%';

-- Optional, and better: rehearsals by a user who can reach nothing but scratch schemas. Put its name and password into
-- the same secret, as "rehearsal_username" and "rehearsal_password".
--
-- CREATE USER IF NOT EXISTS 'sluice_rehearsal'@'%' IDENTIFIED BY 'REPLACE-ME' REQUIRE SSL;
-- GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW, TRIGGER,
--   CREATE ROUTINE, ALTER ROUTINE, EXECUTE, EVENT
--   ON `\_sluice\_scratch\_%`.* TO 'sluice_rehearsal'@'%';

-- The journal: what was about to be done, and what came of it.
GRANT SELECT, INSERT, UPDATE, CREATE ON `\_sluice`.* TO 'sluice'@'%';

-- To read stored procedures and functions that somebody else made.
GRANT SHOW_ROUTINE ON *.* TO 'sluice'@'%';

-- To follow a statement whose client is gone: its progress.
GRANT PROCESS ON *.* TO 'sluice'@'%';

-- To name who holds what a statement waits for, and to show how far a statement is.
GRANT SELECT ON performance_schema.threads TO 'sluice'@'%';
GRANT SELECT ON performance_schema.metadata_locks TO 'sluice'@'%';
GRANT SELECT ON performance_schema.data_lock_waits TO 'sluice'@'%';
GRANT SELECT ON performance_schema.events_stages_current TO 'sluice'@'%';
-- The server counts the work of long statements only when it is asked to.
GRANT SELECT, UPDATE ON performance_schema.setup_consumers TO 'sluice'@'%';
