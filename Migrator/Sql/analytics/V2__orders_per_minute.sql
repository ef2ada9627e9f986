-- Tumbling windows of one minute over OrderCreated, by the time the order was placed. Counts and sums are added up in the transaction
-- that moves the offsets on; the average follows from them and is never stored by anybody.
CREATE TABLE IF NOT EXISTS orders_per_minute (
    window_start DATETIME(6) NOT NULL PRIMARY KEY,
    order_count INT NOT NULL,
    revenue DECIMAL(18,2) NOT NULL,
    average DECIMAL(18,2) AS (ROUND(revenue / order_count, 2)) VIRTUAL,
    -- Rises with each change; what stands on the topic is published_version. The difference survives a crash between the two.
    version BIGINT NOT NULL DEFAULT 1,
    published_version BIGINT NOT NULL DEFAULT 0,
    unpublished BOOLEAN AS (published_version < version) PERSISTENT,
    updated_at DATETIME(6) NOT NULL,
    CHECK (order_count > 0),
    INDEX idx_unpublished (unpublished, window_start)
) ENGINE=InnoDB;

-- How far event time has come in each partition, and how many events came too late for their window. By partition, because
-- within one the order is fixed: reading everything again gives the same windows.
CREATE TABLE IF NOT EXISTS window_watermarks (
    topic VARCHAR(249) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    partition_id INT NOT NULL,
    watermark DATETIME(6) NOT NULL,
    late_dropped BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (topic, partition_id)
) ENGINE=InnoDB;
