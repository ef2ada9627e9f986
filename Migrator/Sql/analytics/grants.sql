-- One statement a line, for the current database. A line whose user has no password configured is left out.
GRANT SELECT ON * TO order_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON * TO analytics_worker;
GRANT SELECT, INSERT, UPDATE ON orders_per_minute_results TO jdbc_sink;
