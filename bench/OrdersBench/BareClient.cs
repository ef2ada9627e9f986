using System.Collections.Concurrent;
using System.Globalization;
using MySqlConnector;

namespace EventDriven.OrdersBench;

/// <summary>The statements of an order as the API sends them, on a connection that stays open, each prepared once; nothing is computed or read twice.</summary>
internal sealed class BareClient(string connectionString, Stock stock) : IAsyncDisposable
{
    private const string Address = """{"street":"1 rue de la Paix","city":"Paris","zip":"75002","country":"FR"}""";
    private readonly ConcurrentDictionary<int, Statements> _clients = new();

    public async Task<bool> PlaceAsync(int client, CancellationToken cancellationToken)
    {
        if (!_clients.TryGetValue(client, out var statements))
        {
            statements = _clients[client] = await Statements.PrepareAsync(connectionString, cancellationToken);
        }

        await statements.PlaceAsync(stock, cancellationToken);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var statements in _clients.Values)
        {
            await statements.DisposeAsync();
        }
    }

    private sealed class Statements(MySqlConnection connection) : IAsyncDisposable
    {
        private readonly List<MySqlCommand> _commands = [];

        public static async Task<Statements> PrepareAsync(string connectionString, CancellationToken cancellationToken)
        {
            var connection = new MySqlConnection(connectionString);
            await connection.OpenAsync(cancellationToken);
            var statements = new Statements(connection);
            foreach (var sql in Sql)
            {
                var command = new MySqlCommand(sql, connection);
                foreach (var name in sql.Split([' ', ',', '(', ')', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(word => word[0] == '@').Distinct(StringComparer.Ordinal))
                {
                    command.Parameters.AddWithValue(name, "");
                }

                await command.PrepareAsync(cancellationToken);
                statements._commands.Add(command);
            }

            return statements;
        }

        public async Task PlaceAsync(Stock stock, CancellationToken cancellationToken)
        {
            var (first, second) = stock.AnyProducts();
            var (customer, order, now) = (stock.AnyCustomer(), Guid.CreateVersion7(), DateTime.UtcNow);
            var key = Guid.CreateVersion7().ToString();
            await RunAsync(0, cancellationToken);
            await RunAsync(1, cancellationToken);
            await RunAsync(2, cancellationToken, ("@key", key), ("@hash", new byte[32]), ("@expires", now.AddDays(1)));
            var number = $"ORD-{now:yyyyMMdd}-{await ScalarAsync(3, cancellationToken, ("@customer", customer))}";
            var (stockOfFirst, versionOfFirst, stockOfSecond, versionOfSecond) = await LockAsync(first, second, cancellationToken);
            await RunAsync(5, cancellationToken, ("@id", order), ("@number", number), ("@customer", customer), ("@address", Address), ("@now", now));
            await RunAsync(6, cancellationToken, ("@id", order), ("@p0", first), ("@p1", second));
            await RunAsync(7, cancellationToken, ("@stock", stockOfFirst - 1), ("@updated", now), ("@version", versionOfFirst + 1), ("@id", first));
            await RunAsync(7, cancellationToken, ("@stock", stockOfSecond - 1), ("@updated", now), ("@version", versionOfSecond + 1), ("@id", second));
            await RunAsync(8, cancellationToken,
                ("@i0", Guid.CreateVersion7()), ("@i1", Guid.CreateVersion7()), ("@i2", Guid.CreateVersion7()), ("@order", order), ("@p0", first), ("@p1", second),
                ("@v0", versionOfFirst + 1), ("@v1", versionOfSecond + 1), ("@created", Created(order, number, customer, first, second)),
                ("@s0", Adjusted(first, order, stockOfFirst)), ("@s1", Adjusted(second, order, stockOfSecond)), ("@now", now), ("@key", key),
                ("@trace", "0af7651916cd43dd8448eb211c80319c"), ("@parent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
            await RunAsync(9, cancellationToken, ("@location", $"/orders/{order}"), ("@body", Created(order, number, customer, first, second)), ("@key", key));
            await RunAsync(10, cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var command in _commands)
            {
                await command.DisposeAsync();
            }

            await connection.DisposeAsync();
        }

        private MySqlCommand Command(int index, (string Name, object Value)[] values)
        {
            foreach (var (name, value) in values)
            {
                _commands[index].Parameters[name].Value = value;
            }

            return _commands[index];
        }

        private Task<int> RunAsync(int index, CancellationToken cancellationToken, params (string Name, object Value)[] values) =>
            Command(index, values).ExecuteNonQueryAsync(cancellationToken);

        private async Task<object?> ScalarAsync(int index, CancellationToken cancellationToken, params (string Name, object Value)[] values) =>
            await Command(index, values).ExecuteScalarAsync(cancellationToken);

        private async Task<(int, int, int, int)> LockAsync(Guid first, Guid second, CancellationToken cancellationToken)
        {
            await using var reader = await Command(4, [("@p0", first), ("@p1", second)]).ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var (stockOfFirst, versionOfFirst) = (reader.GetInt32(4), reader.GetInt32(7));
            await reader.ReadAsync(cancellationToken);
            return (stockOfFirst, versionOfFirst, reader.GetInt32(4), reader.GetInt32(7));
        }

        private static string Created(Guid order, string number, Guid customer, Guid first, Guid second) =>
            $$"""{"orderId":"{{order}}","orderNumber":"{{number}}","customerId":"{{customer}}","items":[{"productId":"{{first}}","sku":"SKU-100","name":"Product number 100","quantity":1,"unitPrice":19.99,"lineTotal":19.99},{"productId":"{{second}}","sku":"SKU-200","name":"Product number 200","quantity":1,"unitPrice":19.99,"lineTotal":19.99}],"shippingAddress":{{Address}},"billingAddress":{{Address}},"subtotal":39.98,"taxAmount":8.00,"shippingAmount":4.90,"totalAmount":52.88,"status":"pending","createdAt":"2026-01-31T12:00:00.123456Z"}""";

        private static string Adjusted(Guid product, Guid order, int stock) => string.Create(CultureInfo.InvariantCulture,
            $$"""{"productId":"{{product}}","delta":-1,"stockQuantity":{{stock - 1}},"reason":"reserved","orderId":"{{order}}","adjustedAt":"2026-01-31T12:00:00.123456Z"}""");

        private static readonly string[] Sql =
        [
            "SET TRANSACTION ISOLATION LEVEL READ COMMITTED",
            "START TRANSACTION",
            "SET STATEMENT innodb_lock_wait_timeout = 0 FOR INSERT INTO idempotency_keys (idempotency_key, request_hash, expires_at) VALUES (@key, @hash, @expires)",
            "SELECT NEXT VALUE FOR order_numbers, EXISTS (SELECT 1 FROM customers WHERE customer_id = @customer )",
            """
            SELECT p.product_id, p.sku, p.name, p.price, p.stock_quantity, p.listed_at, p.updated_at, p.version
            FROM products p FORCE INDEX (PRIMARY) WHERE p.product_id IN (@p0,@p1) ORDER BY p.product_id FOR UPDATE
            """,
            """
            INSERT INTO orders (order_id, order_number, customer_id, status, subtotal, tax_amount, shipping_amount, total_amount,
                shipping_address, billing_address, created_at, updated_at, version)
            VALUES (@id, @number, @customer, 'pending', 39.98, 8.00, 4.90, 52.88, @address, @address, @now, @now, 1)
            """,
            """
            INSERT INTO order_items (order_id, product_id, line_no, sku, name, quantity, unit_price, line_total)
            VALUES (@id,@p0,1,'SKU-100','Product number 100',1,19.99,19.99),(@id,@p1,2,'SKU-200','Product number 200',1,19.99,19.99)
            """,
            "UPDATE products SET stock_quantity = @stock, updated_at = @updated, version = @version WHERE product_id = @id",
            """
            INSERT INTO outbox_events (id, aggregate_type, aggregate_id, aggregate_version, event_type, payload, created_at, correlation_id, causation_id,
                source, traceparent, tracestate)
            VALUES (@i0,'order',@order,1,'OrderCreated',@created,@now,@trace,@key,'order-api',@parent,NULL),
                (@i1,'inventory',@p0,@v0,'StockAdjusted',@s0,@now,@trace,@key,'order-api',@parent,NULL),
                (@i2,'inventory',@p1,@v1,'StockAdjusted',@s1,@now,@trace,@key,'order-api',@parent,NULL)
            """,
            "UPDATE idempotency_keys SET status = 201, location = @location, version = 1, body = @body WHERE idempotency_key = @key",
            "COMMIT",
        ];
    }
}
