-- Read models, written by the projection worker alone. `version` is the aggregateVersion of the last event applied.

-- A row of version 0 stands for a customer of whom only an order is known yet; the worker locks it so that the name cannot be missed.
CREATE TABLE IF NOT EXISTS customers_projection (
    customer_id UUID NOT NULL PRIMARY KEY,
    first_name VARCHAR(200) NULL,
    last_name VARCHAR(200) NULL,
    email VARCHAR(320) NULL,
    tier VARCHAR(20) NULL,
    registered_at DATETIME(6) NULL,
    updated_at DATETIME(6) NULL,
    version INT NOT NULL
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS products_projection (
    product_id UUID NOT NULL PRIMARY KEY,
    sku VARCHAR(100) NOT NULL,
    name VARCHAR(300) NOT NULL,
    price DECIMAL(14,2) NOT NULL,
    stock_quantity INT NOT NULL,
    listed_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    version INT NOT NULL,
    INDEX idx_sku (sku)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS orders_projection (
    order_id UUID NOT NULL PRIMARY KEY,
    order_number VARCHAR(40) NOT NULL,
    customer_id UUID NOT NULL,
    -- The customer as known now, whichever of the two topics was faster.
    customer_name VARCHAR(401) NULL,
    customer_email VARCHAR(320) NULL,
    status VARCHAR(20) NOT NULL,
    payment_status VARCHAR(20) NOT NULL,
    fulfillment_status VARCHAR(20) NOT NULL,
    subtotal DECIMAL(14,2) NOT NULL,
    tax_amount DECIMAL(14,2) NOT NULL,
    shipping_amount DECIMAL(14,2) NOT NULL,
    total_amount DECIMAL(14,2) NOT NULL,
    -- The lines as in the event: productId, sku, name, quantity, unitPrice, lineTotal.
    items JSON NOT NULL,
    items_count INT NOT NULL,
    shipping_address JSON NOT NULL,
    billing_address JSON NOT NULL,
    ordered_at DATETIME(6) NOT NULL,
    paid_at DATETIME(6) NULL,
    shipped_at DATETIME(6) NULL,
    delivered_at DATETIME(6) NULL,
    cancelled_at DATETIME(6) NULL,
    carrier VARCHAR(100) NULL,
    tracking_number VARCHAR(100) NULL,
    cancel_reason VARCHAR(500) NULL,
    refund_due DECIMAL(14,2) NULL,
    version INT NOT NULL,
    last_event_id UUID NOT NULL,
    last_event_type VARCHAR(100) NOT NULL,
    projected_at DATETIME(6) NOT NULL,
    INDEX idx_order_number (order_number),
    -- Each ends in (ordered_at, order_id), the key by which lists are paged.
    INDEX idx_ordered (ordered_at, order_id),
    INDEX idx_customer (customer_id, ordered_at, order_id),
    INDEX idx_status (status, ordered_at, order_id)
) ENGINE=InnoDB;

-- The last 30 days by day (UTC) and status.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW v_orders_dashboard AS
SELECT DATE(ordered_at) AS order_date,
       status,
       COUNT(*) AS order_count,
       SUM(total_amount) AS total_revenue,
       ROUND(AVG(total_amount), 2) AS avg_order_value
FROM orders_projection
WHERE ordered_at >= UTC_DATE() - INTERVAL 30 DAY
GROUP BY DATE(ordered_at), status;
