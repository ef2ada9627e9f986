-- The relays alive. Each renews its row every few seconds; one that stopped doing so has lost its shards to whoever takes them.
-- One row per relay and not an expiry in each shard: an idle relay then writes one small row to the binary log, not 64.
CREATE TABLE IF NOT EXISTS outbox_relays (
    relay VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    expires_at DATETIME(6) NOT NULL
) ENGINE=InnoDB;

-- Which relay sends which shard. A shard is free when its owner is null or no longer alive. `fence` rises with each change of owner:
-- a relay removes rows only while owner and fence are the ones it sent them under.
CREATE TABLE IF NOT EXISTS outbox_shard_leases (
    shard SMALLINT UNSIGNED NOT NULL PRIMARY KEY,
    owner VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL,
    fence BIGINT UNSIGNED NOT NULL DEFAULT 0
) ENGINE=InnoDB;

INSERT IGNORE INTO outbox_shard_leases (shard)
WITH RECURSIVE shards AS (SELECT 0 AS shard UNION ALL SELECT shard + 1 FROM shards WHERE shard < 63)
SELECT shard FROM shards;
