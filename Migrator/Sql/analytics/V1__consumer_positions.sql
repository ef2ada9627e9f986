-- What a consumer group has applied. Written in the same transaction as the effect of the events, so that neither can be there
-- without the other. The same three tables stand in every database that a consumer writes to.

-- The next offset to read. A batch is committed only if it still finds the offset it began at: of two workers that hold the same
-- partition for a moment (a zombie after a rebalance), one rolls back.
CREATE TABLE IF NOT EXISTS consumer_offsets (
    consumer_group VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    topic VARCHAR(249) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    partition_id INT NOT NULL,
    next_offset BIGINT NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    PRIMARY KEY (consumer_group, topic, partition_id)
) ENGINE=InnoDB;

-- The last version applied of each aggregate: a lower or equal one is a duplicate, one above the next is a gap.
CREATE TABLE IF NOT EXISTS aggregate_versions (
    consumer_group VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    aggregate_type VARCHAR(50) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    aggregate_id UUID NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (consumer_group, aggregate_type, aggregate_id)
) ENGINE=InnoDB;

-- Aggregates whose events go to the dead letter topic: since when and why. A row goes when last_version has been applied.
CREATE TABLE IF NOT EXISTS parked_aggregates (
    consumer_group VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    aggregate_type VARCHAR(50) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    aggregate_id UUID NOT NULL,
    first_version INT NOT NULL,
    last_version INT NOT NULL,
    reason VARCHAR(1000) NOT NULL,
    parked_at DATETIME(6) NOT NULL,
    PRIMARY KEY (consumer_group, aggregate_type, aggregate_id)
) ENGINE=InnoDB;
