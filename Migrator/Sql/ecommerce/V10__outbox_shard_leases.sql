-- Which relay sends which shard of the outbox. `fence` rises with each change of owner: a relay removes rows only while
-- owner and fence are the ones it sent them under. All times are this server's UTC clock, so relays need no common one.
CREATE TABLE IF NOT EXISTS outbox_shard_leases (
    shard SMALLINT UNSIGNED NOT NULL PRIMARY KEY,
    owner VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL,
    fence BIGINT UNSIGNED NOT NULL DEFAULT 0,
    expires_at DATETIME(6) NOT NULL
) ENGINE=InnoDB;

INSERT IGNORE INTO outbox_shard_leases (shard, expires_at)
WITH RECURSIVE shards AS (SELECT 0 AS shard UNION ALL SELECT shard + 1 FROM shards WHERE shard < 63)
SELECT shard, UTC_TIMESTAMP(6) FROM shards;

-- The relays alive, so that each knows its fair share and gives up what is above it when another one starts.
CREATE TABLE IF NOT EXISTS outbox_relays (
    relay VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    expires_at DATETIME(6) NOT NULL
) ENGINE=InnoDB;
