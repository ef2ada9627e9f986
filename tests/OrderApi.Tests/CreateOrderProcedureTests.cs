using System.Text.Json.Nodes;
using EventDriven.Contracts;
using EventDriven.TestSupport;
using MySqlConnector;

namespace EventDriven.OrderApi.Tests;

/// <summary>The stored procedure does what the API does.</summary>
public sealed class CreateOrderProcedureTests(SharedMariaDb mariaDb)
{
    private const string Address = """{"street":"1 rue \"de\" la \\ Paix / ☕","city":"Orléans","zip":"45000","country":"FR"}""";
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Procedure_and_API_write_the_same_events_and_rows()
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        await api.DoAsync("PATCH", $"/products/{ApiUnderTest.Mug}", new { name = "Mug \"with\" \\ and ☕", price = 3.33m });
        var before = (await api.OutboxAsync()).Count;

        var order = ApiUnderTest.Order((ApiUnderTest.Mug, 7), (ApiUnderTest.Mouse, 1));
        order["shippingAddress"] = JsonNode.Parse(Address);
        await api.DoAsync("POST", "/orders", order);
        await CallAsync(api, $$"""[{"product_id":"{{ApiUnderTest.Mug}}","quantity":7,"unit_price":0.01},{"product_id":"{{ApiUnderTest.Mouse}}","quantity":1}]""", Address);

        var outbox = await api.OutboxAsync();
        Versions.AssertDense(outbox);
        var written = outbox.Skip(before).ToList();
        Assert.Equal(6, written.Count);
        foreach (var (byApi, byProcedure) in written.Take(3).Zip(written.Skip(3)))
        {
            Assert.Equal(byApi.EventType, byProcedure.EventType);
            AssertSame(JsonNode.Parse(byApi.Payload)!.AsObject(), JsonNode.Parse(byProcedure.Payload)!.AsObject());

            // It also reads as the contract says: nothing double-encoded, every number a number.
            Assert.IsAssignableFrom<DomainEvent>(byProcedure.Event);
        }

        Assert.Equal(2, await api.ScalarAsync<int>(
            """
            SELECT COUNT(*) FROM orders o WHERE o.status = 'pending' AND (o.subtotal, o.tax_amount, o.shipping_amount, o.total_amount) = (47.81, 9.56, 4.90, 62.27)
                AND (SELECT GROUP_CONCAT(line_no, sku, quantity, '/', unit_price, '/', line_total ORDER BY line_no) FROM order_items i WHERE i.order_id = o.order_id)
                    = '1MUG-0057/3.33/23.31,2MS-0021/24.50/24.50'
                AND o.shipping_address = o.billing_address AND JSON_VALUE(o.shipping_address, '$.city') = 'Orléans'
            """));
        Assert.Equal(2, await api.ScalarAsync<int>("SELECT COUNT(DISTINCT order_number) FROM orders"));
    }

    [Theory]
    [InlineData("[]", Address, "items must be")]
    [InlineData("{", Address, "items must be")]
    [InlineData("""[{"product_id":"01970000-0000-7000-8000-000000000105","quantity":1.5}]""", Address, "whole quantity")]
    [InlineData("""[{"quantity":1}]""", Address, "product_id")]
    [InlineData("""[{"product_id":"01970000-0000-7000-8000-00000000dead","quantity":1}]""", Address, "no product")]
    [InlineData("""[{"product_id":"01970000-0000-7000-8000-000000000105","quantity":1},{"product_id":"01970000-0000-7000-8000-000000000105","quantity":1}]""", Address, "one line only")]
    [InlineData("""[{"product_id":"01970000-0000-7000-8000-000000000105","quantity":1}]""", """{"street":"s","city":"c","zip":"z","country":"fr"}""", "address")]
    [InlineData("""[{"product_id":"01970000-0000-7000-8000-000000000105","quantity":1}]""", "{", "address")]
    public async Task What_breaks_a_rule_is_signalled_and_leaves_nothing(string items, string address, string message)
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        var error = await Assert.ThrowsAsync<MySqlException>(() => CallAsync(api, items, address));
        Assert.Equal("45000", error.SqlState);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(8, (await api.OutboxAsync()).Count);
        Assert.Equal(0, await api.ScalarAsync<int>("SELECT COUNT(*) FROM orders"));
    }

    [Fact]
    public async Task Missing_stock_of_the_second_line_gives_the_first_back_and_leaves_the_callers_transaction_open()
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        await api.ExecuteAsync($"UPDATE products SET stock_quantity = 1 WHERE product_id = '{ApiUnderTest.Mug}'");
        var items = $$"""[{"product_id":"{{ApiUnderTest.Mouse}}","quantity":1},{"product_id":"{{ApiUnderTest.Mug}}","quantity":2}]""";
        await using var connection = await api.Databases.DataSource("order_api", "ecommerce").OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await ExecuteAsync(connection, transaction, $"UPDATE customers SET version = 9 WHERE customer_id = '{ApiUnderTest.Ada}'");
        var error = await Assert.ThrowsAsync<MySqlException>(() => CallAsync(connection, transaction, items, Address));
        Assert.Contains("not enough stock", error.Message, StringComparison.Ordinal);
        await transaction.CommitAsync(Cancellation);
        Assert.Equal(9, await api.ScalarAsync<int>($"SELECT version FROM customers WHERE customer_id = '{ApiUnderTest.Ada}'"));
        Assert.Equal(100_000, await api.ScalarAsync<int>($"SELECT stock_quantity FROM products WHERE product_id = '{ApiUnderTest.Mouse}'"));
    }

    [Fact]
    public async Task Inside_the_callers_transaction_it_is_a_part_of_it()
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        await using var connection = await api.Databases.DataSource("order_api", "ecommerce").OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await CallAsync(connection, transaction, $$"""[{"product_id":"{{ApiUnderTest.Mouse}}","quantity":1}]""", Address);
        await transaction.RollbackAsync(Cancellation);
        Assert.Equal(0, await api.ScalarAsync<int>("SELECT COUNT(*) FROM orders"));
        Assert.Equal(8, (await api.OutboxAsync()).Count);
    }

    // Members that are made anew by each call, or follow from the stock before it.
    private static void AssertSame(JsonObject byApi, JsonObject byProcedure)
    {
        Assert.Equal(byApi.Select(member => member.Key), byProcedure.Select(member => member.Key));
        foreach (var (name, value) in byApi)
        {
            var other = byProcedure[name];
            if (name is "orderId" or "orderNumber" or "createdAt" or "adjustedAt")
            {
                Assert.Equal(value!.GetValueKind(), other!.GetValueKind());
                Assert.Equal(value.GetValue<string>().Length, other.GetValue<string>().Length);
            }
            else if (name is "stockQuantity")
            {
                Assert.Equal(value!.GetValue<int>() + byProcedure["delta"]!.GetValue<int>(), other!.GetValue<int>());
            }
            else
            {
                // As text, so that 5.00 differs from 5 and "5.00".
                Assert.Equal(value!.ToJsonString(), other!.ToJsonString());
            }
        }
    }

    private static async Task CallAsync(ApiUnderTest api, string items, string address)
    {
        await using var connection = await api.Databases.DataSource("order_api", "ecommerce").OpenConnectionAsync(Cancellation);
        await CallAsync(connection, null, items, address);
    }

    private static async Task CallAsync(MySqlConnection connection, MySqlTransaction? transaction, string items, string address)
    {
        await using var command = new MySqlCommand("create_order_with_event", connection, transaction) { CommandType = System.Data.CommandType.StoredProcedure };
        command.Parameters.AddWithValue("p_customer_id", ApiUnderTest.Ada.ToString());
        command.Parameters.AddWithValue("p_items", items);
        command.Parameters.AddWithValue("p_shipping_address", address);
        command.Parameters.Add(new("p_order_id", MySqlDbType.VarChar) { Direction = System.Data.ParameterDirection.Output });
        command.Parameters.Add(new("p_order_number", MySqlDbType.VarChar) { Direction = System.Data.ParameterDirection.Output });
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task ExecuteAsync(MySqlConnection connection, MySqlTransaction transaction, string sql)
    {
        await using var command = new MySqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
