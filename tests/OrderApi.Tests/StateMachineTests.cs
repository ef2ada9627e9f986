using System.Globalization;
using System.Text.Json;
using CsCheck;
using EventDriven.Contracts;
using EventDriven.OrderApi.Orders;
using EventDriven.OrderApi.Products;
using EventDriven.TestSupport;
using static EventDriven.OrderApi.Orders.OrderCommand;

namespace EventDriven.OrderApi.Tests;

/// <summary>Random sequences of commands never break what must always hold: first on the rules alone, then on the running API with many clients at once.</summary>
public sealed class StateMachineTests(SharedMariaDb mariaDb)
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly Address Address = new("s", "c", "z", "FR");
    private static readonly Guid[] Ids = [.. Enumerable.Range(1, 4).Select(i => new Guid(i, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]))];

    private static readonly JsonSerializerOptions Exact = new() { Converters = { new MoneyConverter(), new InstantConverter() } };

    private static readonly Gen<OrderCommand> Commands = Gen.OneOf<OrderCommand>(
        Gen.Select(Gen.OneOf(Ids), Gen.Int[1, 4], (id, quantity) => (OrderCommand)new AddItem(id, quantity)),
        Gen.OneOf(Ids).Select(id => (OrderCommand)new RemoveItem(id)),
        Gen.OneOf<OrderCommand>(new ReceivePayment(0, "card", "r"), new Ship("DHL", "T"), new Deliver(), new Cancel("r")));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Any_sequence_of_commands_keeps_stock_versions_amounts_and_states_right() =>
        Gen.Select(Gen.Int[0, 10].Array[4], Gen.Int[1, 5], Commands.List[0, 30]).Sample((stocks, quantity, commands) =>
        {
            var products = Ids.Zip(stocks, (id, stock) => new Product(id, $"S{id}", "n", 7.77m, stock, Now, Now, 1)).ToDictionary(product => product.ProductId);
            var created = OrderRules.Create(Guid.NewGuid(), "ORD", Guid.NewGuid(), [new(Ids[0], quantity)], Address, Address, products, Now);
            Assert.Equal(quantity > stocks[0], created.Refusal is not null);
            if (created.Event is not OrderCreated first)
            {
                return;
            }

            var order = Order.From(first);
            Move(products, created);
            Check(order, products, stocks);
            foreach (var command in commands)
            {
                // A payment of the right amount, so that sequences get beyond it.
                var effective = command is ReceivePayment pay ? pay with { Amount = order.Amounts.TotalAmount } : command;
                var decision = OrderRules.Decide(order, effective, products, Now);
                if (decision.Event is not { } domainEvent)
                {
                    Assert.InRange(decision.Refusal!.Status, 404, 422);
                    Assert.Empty(decision.Stock);
                    continue;
                }

                Assert.Contains(command.Step, OrderSteps.AllowedIn(order.Status));
                var next = order.Apply(domainEvent);
                Assert.Equal(order.Version + 1, next.Version);
                Move(products, decision);
                Check(next, products, stocks);
                order = next;
            }
        });

    [Fact]
    public async Task Random_commands_from_many_clients_at_once_keep_every_invariant_of_tables_and_events()
    {
        var server = await mariaDb.ServerAsync(Cancellation);
        await Gen.Select(Gen.Int[0, 8], Gen.Int[0, 5], Gen.Int[0, 4], Gen.Int[1, 3]).Array[60].Array[8]
            .SampleAsync(plans => RunAsync(server, plans), iter: 1, threads: 1);
    }

    private static async Task RunAsync(TestSupport.MariaDbServer server, (int Kind, int Pick, int Product, int Quantity)[][] plans)
    {
        await using var api = await ApiUnderTest.StartAsync(server, Cancellation);
        await api.ExecuteAsync("UPDATE products SET stock_quantity = 40; UPDATE outbox_events SET payload = REPLACE(payload, '\"stockQuantity\":100000', '\"stockQuantity\":40')");
        var products = Migrator.SampleData.Products.Select(product => product.Id).ToArray();
        var orders = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Task.WhenAll(plans.Select(async plan =>
        {
            foreach (var (kind, pick, product, quantity) in plan)
            {
                var known = orders.ToArray();
                var order = known.Length == 0 ? null : known[(pick * 7 + product) % known.Length];
                using var response = await SendAsync(api, kind, order, products[product], products[(product + pick) % 5], quantity);
                var text = await response.Content.ReadAsStringAsync(Cancellation);
                Assert.True((int)response.StatusCode is 200 or 201 or 404 or 409, $"{(int)response.StatusCode} {text}");
                if ((int)response.StatusCode == 201)
                {
                    orders.Add(response.Headers.Location!.ToString());
                }
            }
        }));

        var outbox = await api.OutboxAsync();
        Versions.AssertDense(outbox);
        await AssertReplayAsync(api, outbox);
        Assert.Equal(0, await api.ScalarAsync<int>("SELECT COUNT(*) FROM products WHERE stock_quantity < 0"));

        // Conserved: what is there and what orders hold is what there was.
        Assert.Equal(0, await api.ScalarAsync<int>(
            """
            SELECT COUNT(*) FROM products p WHERE stock_quantity + COALESCE((SELECT SUM(i.quantity) FROM order_items i JOIN orders o USING (order_id)
                WHERE i.product_id = p.product_id AND o.status <> 'cancelled'), 0) <> 40
            """));
        Assert.True(orders.Count > 20, string.Create(CultureInfo.InvariantCulture, $"only {orders.Count} orders were placed"));
    }

    [Fact]
    public async Task Two_buyers_never_both_get_the_last_piece()
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        var rare = (await api.DoAsync("POST", "/products", new { sku = "RARE", name = "rare", price = 5m, stockQuantity = 3 }))["productId"]!.GetValue<Guid>();
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => api.SendAsync("POST", "/orders", ApiUnderTest.Order((rare, 1), (ApiUnderTest.Mug, 1)))));
        Assert.Equal(3, answers.Count(answer => (int)answer.StatusCode == 201));
        Assert.Equal(13, answers.Count(answer => (int)answer.StatusCode == 409));
        Assert.Equal(0, await api.ScalarAsync<int>("SELECT stock_quantity FROM products WHERE sku = 'RARE'"));
        foreach (var answer in answers)
        {
            answer.Dispose();
        }
    }

    [Fact]
    public async Task Of_many_commands_on_one_version_one_is_carried_out()
    {
        await using var api = await ApiUnderTest.StartAsync(await mariaDb.ServerAsync(Cancellation), Cancellation);
        var order = await api.OrderInAsync(OrderStatus.Pending);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => api.SendAsync(
            "POST", $"/orders/{order["orderId"]}/{(i % 2 == 0 ? "cancellation" : "items")}",
            i % 2 == 0 ? new { reason = "r" } : new { productId = ApiUnderTest.Mouse, quantity = 1 }, ("If-Match", "\"1\""))));
        Assert.Equal([200, .. Enumerable.Repeat(412, 11)], answers.Select(answer => (int)answer.StatusCode).Order());
        Assert.Equal(2, await api.ScalarAsync<int>("SELECT MAX(version) FROM orders"));
        foreach (var answer in answers)
        {
            answer.Dispose();
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(ApiUnderTest api, int kind, string? order, Guid product, Guid other, int quantity)
    {
        if (order is null || kind <= 2)
        {
            return await api.SendAsync("POST", "/orders", ApiUnderTest.Order([.. new[] { product, other }.Distinct().Select(id => (id, quantity))]));
        }

        switch (kind)
        {
            case 3: return await api.SendAsync("POST", order + "/items", new { productId = product, quantity });
            case 4: return await api.SendAsync("DELETE", $"{order}/items/{product}");
            case 5:
                // The right total is what the problem of a wrong one says.
                using (var wrong = await api.SendAsync("POST", order + "/payment", new { amount = 0.01m, method = "card", reference = "r" }))
                {
                    var text = await wrong.Content.ReadAsStringAsync(Cancellation);
                    var total = text.Split("total, ") is [_, var rest] ? decimal.Parse(rest.Split('"')[0], CultureInfo.InvariantCulture) : 0.01m;
                    var paid = await api.SendAsync("POST", order + "/payment", new { amount = total, method = "card", reference = "r" });
                    return (int)paid.StatusCode == 422 ? await api.SendAsync("POST", order + "/cancellation", new { reason = "changed under the payment" }) : paid;
                }

            case 6: return await api.SendAsync("POST", order + "/shipment", new { carrier = "DHL", trackingNumber = "T" });
            case 7: return await api.SendAsync("POST", order + "/delivery");
            default: return await api.SendAsync("POST", order + "/cancellation", new { reason = "r" });
        }
    }

    private static async Task AssertReplayAsync(ApiUnderTest api, List<OutboxRow> outbox)
    {
        await using var connection = await api.Databases.AdminDataSource("ecommerce").OpenConnectionAsync(Cancellation);
        foreach (var aggregate in outbox.GroupBy(row => (row.AggregateType, row.AggregateId)))
        {
            var events = aggregate.Select(row => row.Event).ToList();
            if (aggregate.Key.AggregateType is AggregateTypes.Order)
            {
                var replayed = events.Skip(1).Cast<OrderEvent>().Aggregate(Order.From((OrderCreated)events[0]), (order, e) => order.Apply(e));
                Assert.Equal(AsText(replayed), AsText((await ReadAsync(connection, aggregate.Key.AggregateId))!));
            }
            else if (aggregate.Key.AggregateType is AggregateTypes.Inventory)
            {
                var replayed = events.Skip(1).Cast<InventoryEvent>().Aggregate(Product.From((ProductListed)events[0]), (product, e) => product.Apply(e));
                await using var batch = new MySqlConnector.MySqlBatch(connection);
                batch.BatchCommands.Add(ProductTable.Lock([aggregate.Key.AggregateId]));
                await using var reader = await batch.ExecuteReaderAsync(Cancellation);
                Assert.Equal(replayed, Assert.Single(await ProductTable.ReadAsync(reader, Cancellation)).Value);
            }
        }
    }

    private static async Task<Order?> ReadAsync(MySqlConnector.MySqlConnection connection, Guid orderId)
    {
        await using var batch = new MySqlConnector.MySqlBatch(connection);
        batch.BatchCommands.Add(OrderTable.Lock(orderId));
        batch.BatchCommands.Add(OrderTable.Lines(orderId));
        await using var reader = await batch.ExecuteReaderAsync(Cancellation);
        return await OrderTable.ReadAsync(reader, Cancellation);
    }

    private static string AsText(Order order) => JsonSerializer.Serialize(order, Exact);

    private static void Move(Dictionary<Guid, Product> products, Decision decision)
    {
        foreach (var adjusted in decision.Stock)
        {
            products[adjusted.ProductId] = products[adjusted.ProductId].Apply(adjusted);
        }
    }

    private static void Check(Order order, Dictionary<Guid, Product> products, int[] stocks)
    {
        Assert.All(products.Values, product => Assert.True(product.StockQuantity >= 0));
        var held = order.Status == OrderStatus.Cancelled ? 0 : order.Items.Sum(item => item.Quantity);
        Assert.Equal(stocks.Sum(), products.Values.Sum(product => product.StockQuantity) + held);
        Assert.Equal(order.Items.Count, order.Items.DistinctBy(item => item.ProductId).Count());
        Assert.NotEmpty(order.Items);
        Assert.Equal(Pricing.Of(order.Items), order.Amounts);
        Assert.Equal(order.Amounts.TotalAmount, order.Amounts.Subtotal + order.Amounts.TaxAmount + order.Amounts.ShippingAmount);
        Assert.Equal(order.Status == OrderStatus.Cancelled && order.PaidAt is not null ? order.Amounts.TotalAmount : 0m, order.RefundDue);
    }
}
