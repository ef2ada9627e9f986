-- Who publishes the outbox, one row: the relay or Debezium, as the migrator was told. A relay that was told otherwise finds it here and
-- refuses to publish, because an outbox with two senders has every event twice.
CREATE TABLE IF NOT EXISTS outbox_publisher (
    only_row TINYINT NOT NULL DEFAULT 1 PRIMARY KEY,
    publisher VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    changed_at DATETIME(6) NOT NULL,
    CONSTRAINT ck_outbox_publisher_one CHECK (only_row = 1),
    CONSTRAINT ck_outbox_publisher_known CHECK (publisher IN ('Relay', 'Debezium'))
) ENGINE = InnoDB;
