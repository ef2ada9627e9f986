-- One statement a line, for the current database. A line whose user has no password configured is left out.
GRANT SELECT, INSERT, UPDATE ON customers TO order_api;
GRANT SELECT, INSERT, UPDATE ON products TO order_api;
GRANT SELECT, INSERT, UPDATE ON orders TO order_api;
GRANT SELECT, INSERT, DELETE ON order_items TO order_api;
GRANT SELECT, INSERT ON order_numbers TO order_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO order_api;
GRANT INSERT ON outbox_events TO order_api;
GRANT EXECUTE ON PROCEDURE create_order_with_event TO order_api;
GRANT EXECUTE ON FUNCTION event_uuid_v7 TO order_api;
GRANT SELECT, DELETE ON outbox_events TO outbox_relay;
GRANT SELECT, UPDATE ON outbox_shard_leases TO outbox_relay;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox_relays TO outbox_relay;
GRANT SELECT ON outbox_publisher TO outbox_relay;
GRANT SELECT ON * TO cdc;
GRANT RELOAD, SHOW DATABASES, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO cdc;
