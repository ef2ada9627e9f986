-- Ids in the outbox are text, not UUID: Debezium reads a UUID from the binary log as MariaDB stores it, without the zero bytes at its end and in
-- another order of bytes for versions 1 to 5, so one aggregate in 256 would be sent under another key than the relay's. Lower case, as UUID prints
-- it, because the shard is made of the text. VARCHAR, because a generated column may not be made of CHAR (its padding is a matter of sql_mode).
ALTER TABLE outbox_events
    MODIFY id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    MODIFY aggregate_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    ADD CONSTRAINT IF NOT EXISTS ck_outbox_ids CHECK (
        id RLIKE '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' AND aggregate_id RLIKE '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$');
