-- Places an order from inside the database, by the rules of the order API and with the same events; OrderApi.Tests compares the two.
-- The caller needs the rights of the order API's user (SQL SECURITY INVOKER). Scripts that begin with R are run again when they change.

-- A UUIDv7 (RFC 9562): 48 bits of milliseconds, then random ones, the last byte not zero (Contracts/NewId.cs says why). MariaDB has its own from 11.7 on.
CREATE OR REPLACE FUNCTION event_uuid_v7() RETURNS UUID NOT DETERMINISTIC NO SQL SQL SECURITY INVOKER
BEGIN
    DECLARE v_millis CHAR(12) DEFAULT LPAD(HEX(FLOOR(UNIX_TIMESTAMP(SYSDATE(6)) * 1000)), 12, '0');
    DECLARE v_random CHAR(20) DEFAULT HEX(RANDOM_BYTES(10));
    RETURN CAST(CONCAT(v_millis, '7', SUBSTR(v_random, 1, 3), ELT(1 + CONV(SUBSTR(v_random, 4, 1), 16, 10) % 4, '8', '9', 'A', 'B'),
        SUBSTR(v_random, 5, 13), IF(SUBSTR(v_random, 18, 2) = '00', '01', SUBSTR(v_random, 18, 2))) AS UUID);
END;

-- p_items: [{"product_id": "…", "quantity": 2}, …], one to 100 lines, one per product; prices are the products'.
-- p_shipping_address: {"street": "…", "city": "…", "zip": "…", "country": "FR"}; the bill goes there too.
-- Ids are CHAR(36) here: not every client library knows UUID as the type of a parameter.
-- Inside a transaction of the caller's it is a part of that one, otherwise it is one of its own. Errors of a rule have SQLSTATE 45000.
CREATE OR REPLACE PROCEDURE create_order_with_event(
    IN p_customer_id CHAR(36),
    IN p_items LONGTEXT,
    IN p_shipping_address LONGTEXT,
    OUT p_order_id CHAR(36),
    OUT p_order_number VARCHAR(32)
)
SQL SECURITY INVOKER
BEGIN
    DECLARE v_joined BOOLEAN DEFAULT @@in_transaction = 1;
    DECLARE v_now DATETIME(6) DEFAULT UTC_TIMESTAMP(6);
    DECLARE v_instant CHAR(27) DEFAULT DATE_FORMAT(v_now, '%Y-%m-%dT%H:%i:%s.%fZ');
    DECLARE v_customer_id UUID DEFAULT CAST(p_customer_id AS UUID);
    DECLARE v_order_id UUID DEFAULT event_uuid_v7();
    DECLARE v_number BIGINT;
    DECLARE v_lines, v_products, v_stock INT;
    DECLARE v_bad_lines INT;
    DECLARE v_price DECIMAL(9, 2);
    DECLARE v_subtotal, v_tax, v_shipping DECIMAL(14, 2) DEFAULT 0;
    DECLARE v_address LONGTEXT;
    DECLARE v_correlation VARCHAR(36);
    DECLARE v_message VARCHAR(128);

    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        -- A deadlock has rolled everything back already, the savepoint with it.
        DECLARE CONTINUE HANDLER FOR 1305 BEGIN END;
        SET p_order_id = NULL, p_order_number = NULL;
        IF v_joined THEN
            ROLLBACK TO SAVEPOINT create_order_with_event;
        ELSE
            ROLLBACK;
        END IF;
        RESIGNAL;
    END;

    IF v_joined THEN
        SAVEPOINT create_order_with_event;
    ELSE
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
    END IF;

    -- What is wrong with the arguments.
    IF NOT COALESCE(JSON_VALID(p_items), 0) OR JSON_TYPE(p_items) <> 'ARRAY' OR JSON_LENGTH(p_items) NOT BETWEEN 1 AND 100 THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'items must be a JSON array of 1 to 100 lines';
    END IF;
    SELECT COUNT(*), COUNT(DISTINCT product_id),
        COALESCE(SUM(product_id IS NULL OR quantity IS NULL OR quantity <> FLOOR(quantity) OR quantity NOT BETWEEN 1 AND 1000), 0)
    INTO v_lines, v_products, v_bad_lines
    FROM JSON_TABLE(p_items, '$[*]' COLUMNS (product_id VARCHAR(36) PATH '$.product_id', quantity DECIMAL(20, 6) PATH '$.quantity')) AS item;
    IF v_bad_lines > 0 THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'each line needs a product_id and a whole quantity from 1 to 1000';
    ELSEIF v_products <> v_lines THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'each product may stand in one line only';
    END IF;
    IF NOT COALESCE(JSON_VALID(p_shipping_address), 0)
        OR CHAR_LENGTH(TRIM(COALESCE(JSON_VALUE(p_shipping_address, '$.street'), ''))) NOT BETWEEN 1 AND 200
        OR CHAR_LENGTH(TRIM(COALESCE(JSON_VALUE(p_shipping_address, '$.city'), ''))) NOT BETWEEN 1 AND 100
        OR CHAR_LENGTH(TRIM(COALESCE(JSON_VALUE(p_shipping_address, '$.zip'), ''))) NOT BETWEEN 1 AND 16
        OR COALESCE(JSON_VALUE(p_shipping_address, '$.country'), '') NOT REGEXP '^(?-i)[A-Z]{2}$' THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the shipping address needs street, city, zip and a country such as FR';
    END IF;
    SET v_address = JSON_COMPACT(JSON_OBJECT(
        'street', JSON_VALUE(p_shipping_address, '$.street'), 'city', JSON_VALUE(p_shipping_address, '$.city'),
        'zip', JSON_VALUE(p_shipping_address, '$.zip'), 'country', JSON_VALUE(p_shipping_address, '$.country')));
    IF NOT EXISTS (SELECT 1 FROM customers WHERE customer_id = v_customer_id) THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'there is no such customer';
    END IF;

    -- Products are locked in the order of their ids, as the API does, so that two orders never wait for each other.
    FOR line IN (
        SELECT CAST(product_id AS UUID) AS product_id, CAST(quantity AS SIGNED) AS quantity
        FROM JSON_TABLE(p_items, '$[*]' COLUMNS (product_id VARCHAR(36) PATH '$.product_id', quantity DECIMAL(20, 6) PATH '$.quantity')) AS item
        ORDER BY 1)
    DO
        SET v_stock = NULL;
        SELECT stock_quantity, price INTO v_stock, v_price FROM products WHERE product_id = line.product_id FOR UPDATE;
        IF v_stock IS NULL THEN
            SET v_message = CONCAT('there is no product ', line.product_id);
            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = v_message;
        ELSEIF v_stock < line.quantity THEN
            SET v_message = CONCAT('not enough stock of ', line.product_id, ': ', v_stock);
            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = v_message;
        END IF;
        UPDATE products SET stock_quantity = stock_quantity - line.quantity, version = version + 1, updated_at = v_now
        WHERE product_id = line.product_id;
        SET v_subtotal = v_subtotal + v_price * line.quantity;
    END FOR;

    -- The amounts, by the rule of OrderApi/Orders/Pricing.cs.
    SET v_tax = ROUND(v_subtotal * 0.20, 2), v_shipping = IF(v_subtotal >= 100.00, 0.00, 4.90);
    SET v_number = NEXT VALUE FOR order_numbers;
    SET p_order_id = v_order_id,
        p_order_number = CONCAT('ORD-', DATE_FORMAT(v_now, '%Y%m%d'), '-', LPAD(v_number, GREATEST(6, CHAR_LENGTH(v_number)), '0'));

    INSERT INTO orders (order_id, order_number, customer_id, status, subtotal, tax_amount, shipping_amount, total_amount,
        shipping_address, billing_address, created_at, updated_at, version)
    VALUES (v_order_id, p_order_number, v_customer_id, 'pending', v_subtotal, v_tax, v_shipping, v_subtotal + v_tax + v_shipping,
        v_address, v_address, v_now, v_now, 1);

    INSERT INTO order_items (order_id, product_id, line_no, sku, name, quantity, unit_price, line_total)
    SELECT v_order_id, p.product_id, item.line_no, p.sku, p.name, CAST(item.quantity AS SIGNED), p.price, p.price * CAST(item.quantity AS SIGNED)
    FROM JSON_TABLE(p_items, '$[*]' COLUMNS (
        line_no FOR ORDINALITY, product_id VARCHAR(36) PATH '$.product_id', quantity DECIMAL(20, 6) PATH '$.quantity')) AS item
    JOIN products p ON p.product_id = CAST(item.product_id AS UUID);

    SET v_correlation = event_uuid_v7();
    INSERT INTO outbox_events (id, aggregate_type, aggregate_id, aggregate_version, event_type, payload, created_at, correlation_id, source)
    SELECT event_uuid_v7(), 'order', v_order_id, 1, 'OrderCreated',
        JSON_COMPACT(JSON_OBJECT(
            'orderId', v_order_id,
            'orderNumber', p_order_number,
            'customerId', v_customer_id,
            'items', JSON_ARRAYAGG(JSON_OBJECT(
                'productId', product_id, 'sku', sku, 'name', name, 'quantity', quantity, 'unitPrice', unit_price, 'lineTotal', line_total)
                ORDER BY line_no),
            'shippingAddress', JSON_COMPACT(v_address),
            'billingAddress', JSON_COMPACT(v_address),
            'subtotal', CAST(v_subtotal AS DECIMAL(14, 2)), -- A bare variable would arrive as a string.
            'taxAmount', CAST(v_tax AS DECIMAL(14, 2)),
            'shippingAmount', CAST(v_shipping AS DECIMAL(14, 2)),
            'totalAmount', v_subtotal + v_tax + v_shipping,
            'status', 'pending',
            'createdAt', v_instant)),
        v_now, v_correlation, 'create_order_with_event'
    FROM order_items WHERE order_id = v_order_id;

    INSERT INTO outbox_events (id, aggregate_type, aggregate_id, aggregate_version, event_type, payload, created_at, correlation_id, source)
    SELECT event_uuid_v7(), 'inventory', p.product_id, p.version, 'StockAdjusted',
        JSON_COMPACT(JSON_OBJECT(
            'productId', p.product_id, 'delta', -i.quantity, 'stockQuantity', p.stock_quantity, 'reason', 'reserved',
            'orderId', v_order_id, 'adjustedAt', v_instant)),
        v_now, v_correlation, 'create_order_with_event'
    FROM order_items i JOIN products p ON p.product_id = i.product_id
    WHERE i.order_id = v_order_id ORDER BY p.product_id;

    IF NOT v_joined THEN
        COMMIT;
    END IF;
END;
