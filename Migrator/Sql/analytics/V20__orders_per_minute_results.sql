-- What Kafka Connect's JDBC sink makes of analytics.orders-per-minute: a copy for whoever reports from MariaDB, written by the sink alone.
CREATE TABLE IF NOT EXISTS orders_per_minute_results (
    window_start DATETIME(6) NOT NULL PRIMARY KEY,
    order_count INT NOT NULL,
    revenue DECIMAL(18,2) NOT NULL,
    average DECIMAL(18,2) NOT NULL,
    version BIGINT NOT NULL
) ENGINE=InnoDB;

-- The sink writes what it reads, also what it reads again. The highest version of a window counts, so a lower one changes nothing.
CREATE OR REPLACE TRIGGER tr_orders_per_minute_results BEFORE UPDATE ON orders_per_minute_results FOR EACH ROW
SET NEW.order_count = IF(NEW.version < OLD.version, OLD.order_count, NEW.order_count),
    NEW.revenue = IF(NEW.version < OLD.version, OLD.revenue, NEW.revenue),
    NEW.average = IF(NEW.version < OLD.version, OLD.average, NEW.average),
    NEW.version = GREATEST(NEW.version, OLD.version);
