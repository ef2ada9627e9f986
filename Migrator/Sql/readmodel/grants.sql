-- One statement a line, for the current database. A line whose user has no password configured is left out.
GRANT SELECT ON * TO order_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON * TO projection_worker;
