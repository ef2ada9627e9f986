-- MariaDB commits each DDL statement on its own, so every statement can be repeated: a run that died half-way is simply run again.

CREATE TABLE IF NOT EXISTS customers (
    customer_id UUID NOT NULL PRIMARY KEY,
    first_name VARCHAR(100) NOT NULL,
    last_name VARCHAR(100) NOT NULL,
    email VARCHAR(254) NOT NULL,
    tier VARCHAR(16) NOT NULL,
    registered_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    version INT UNSIGNED NOT NULL,
    UNIQUE KEY uk_customers_email (email),
    CONSTRAINT ck_customers_tier CHECK (tier IN ('standard', 'silver', 'gold')),
    CONSTRAINT ck_customers_version CHECK (version >= 1)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS products (
    product_id UUID NOT NULL PRIMARY KEY,
    sku VARCHAR(64) NOT NULL,
    name VARCHAR(200) NOT NULL,
    price DECIMAL(9, 2) NOT NULL,
    stock_quantity INT NOT NULL,
    listed_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    version INT UNSIGNED NOT NULL,
    UNIQUE KEY uk_products_sku (sku),
    CONSTRAINT ck_products_price CHECK (price > 0),
    CONSTRAINT ck_products_stock CHECK (stock_quantity >= 0),
    CONSTRAINT ck_products_version CHECK (version >= 1)
) ENGINE = InnoDB;

-- A sequence hands out numbers without a lock that lasts until commit; numbers may have gaps, never doubles.
CREATE SEQUENCE IF NOT EXISTS order_numbers START WITH 1 INCREMENT BY 1 CACHE 1000 NOCYCLE ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS orders (
    order_id UUID NOT NULL PRIMARY KEY,
    order_number VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    customer_id UUID NOT NULL,
    status VARCHAR(16) NOT NULL,
    subtotal DECIMAL(14, 2) NOT NULL,
    tax_amount DECIMAL(14, 2) NOT NULL,
    shipping_amount DECIMAL(14, 2) NOT NULL,
    total_amount DECIMAL(14, 2) NOT NULL,
    shipping_address LONGTEXT NOT NULL,
    billing_address LONGTEXT NOT NULL,
    payment_method VARCHAR(32) NULL,
    payment_reference VARCHAR(100) NULL,
    carrier VARCHAR(100) NULL,
    tracking_number VARCHAR(100) NULL,
    cancel_reason VARCHAR(500) NULL,
    refund_due DECIMAL(14, 2) NOT NULL DEFAULT 0,
    created_at DATETIME(6) NOT NULL,
    paid_at DATETIME(6) NULL,
    shipped_at DATETIME(6) NULL,
    delivered_at DATETIME(6) NULL,
    cancelled_at DATETIME(6) NULL,
    updated_at DATETIME(6) NOT NULL,
    version INT UNSIGNED NOT NULL,
    UNIQUE KEY uk_orders_number (order_number),
    KEY ix_orders_customer (customer_id, created_at),
    CONSTRAINT fk_orders_customer FOREIGN KEY (customer_id) REFERENCES customers (customer_id),
    CONSTRAINT ck_orders_status CHECK (status IN ('pending', 'paid', 'shipped', 'delivered', 'cancelled')),
    CONSTRAINT ck_orders_amounts CHECK (subtotal > 0 AND tax_amount >= 0 AND shipping_amount >= 0
        AND total_amount = subtotal + tax_amount + shipping_amount AND refund_due IN (0, total_amount)),
    CONSTRAINT ck_orders_shipping_address CHECK (JSON_VALID(shipping_address)),
    CONSTRAINT ck_orders_billing_address CHECK (JSON_VALID(billing_address)),
    CONSTRAINT ck_orders_version CHECK (version >= 1)
) ENGINE = InnoDB;

-- One line per product; line_no keeps the order in which lines were added.
CREATE TABLE IF NOT EXISTS order_items (
    order_id UUID NOT NULL,
    product_id UUID NOT NULL,
    line_no INT UNSIGNED NOT NULL,
    sku VARCHAR(64) NOT NULL,
    name VARCHAR(200) NOT NULL,
    quantity INT NOT NULL,
    unit_price DECIMAL(9, 2) NOT NULL,
    line_total DECIMAL(14, 2) NOT NULL,
    PRIMARY KEY (order_id, product_id),
    KEY ix_order_items_product (product_id),
    CONSTRAINT fk_order_items_order FOREIGN KEY (order_id) REFERENCES orders (order_id),
    CONSTRAINT fk_order_items_product FOREIGN KEY (product_id) REFERENCES products (product_id),
    CONSTRAINT ck_order_items_quantity CHECK (quantity >= 1),
    CONSTRAINT ck_order_items_total CHECK (line_total = quantity * unit_price)
) ENGINE = InnoDB;

-- What stands here is what is not yet sent. An aggregate's rows share a shard, so that one relay at a time sends them in order:
-- CRC32 of the id as it is printed (lower case, with hyphens), modulo 64; the same on MariaDB 10.11, 11.8 and 12.x.
-- The CHECKs keep out what would stop a sender for good: a payload that Kafka refuses (its limit of a request is 1 MiB) and an
-- aggregate type that is no topic. Payload is LONGTEXT, not JSON, because Debezium reads MariaDB's JSON as MySQL's binary JSON.
CREATE TABLE IF NOT EXISTS outbox_events (
    sequence BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    id UUID NOT NULL,
    aggregate_type VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    aggregate_id UUID NOT NULL,
    aggregate_version INT NOT NULL,
    event_type VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    payload LONGTEXT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    correlation_id VARCHAR(128) NULL,
    causation_id VARCHAR(128) NULL,
    source VARCHAR(64) NULL,
    traceparent VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    tracestate VARCHAR(512) CHARACTER SET ascii COLLATE ascii_bin NULL,
    shard SMALLINT UNSIGNED AS (CRC32(aggregate_id) % 64) PERSISTENT,
    UNIQUE KEY uk_outbox_id (id),
    KEY ix_outbox_shard (shard, sequence),
    CONSTRAINT ck_outbox_aggregate_type CHECK (aggregate_type IN ('order', 'customer', 'inventory')),
    CONSTRAINT ck_outbox_version CHECK (aggregate_version >= 1),
    CONSTRAINT ck_outbox_json CHECK (JSON_VALID(payload)),
    CONSTRAINT ck_outbox_size CHECK (OCTET_LENGTH(payload) <= 524288)
) ENGINE = InnoDB;

-- Answers of commands that came with an Idempotency-Key, written in the command's own transaction and kept 24 hours.
CREATE TABLE IF NOT EXISTS idempotency_keys (
    idempotency_key VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    request_hash BINARY(32) NOT NULL,
    status SMALLINT UNSIGNED NULL,
    location VARCHAR(255) NULL,
    version INT UNSIGNED NULL,
    body MEDIUMTEXT NULL,
    expires_at DATETIME(6) NOT NULL,
    KEY ix_idempotency_expiry (expires_at)
) ENGINE = InnoDB;
