using EventDriven.Contracts;
using EventDriven.ServiceDefaults.Outbox;
using MySqlConnector;

namespace EventDriven.Migrator;

/// <summary>
/// A few customers and products with ids that never change, so that the documentation's commands work as pasted. They come with their events,
/// because the read models know nothing else. What is already there is left as it is.
/// </summary>
public static class SampleData
{
    /// <summary>Customers: id, first name, last name, e-mail address, tier.</summary>
    public static readonly IReadOnlyList<(Guid Id, string FirstName, string LastName, string Email, CustomerTier Tier)> Customers =
    [
        (Id("001"), "Ada", "Lovelace", "ada@example.com", CustomerTier.Gold),
        (Id("002"), "Grace", "Hopper", "grace@example.com", CustomerTier.Silver),
        (Id("003"), "Alan", "Turing", "alan@example.com", CustomerTier.Standard),
    ];

    /// <summary>Products: id, SKU, name, price, stock.</summary>
    public static readonly IReadOnlyList<(Guid Id, string Sku, string Name, decimal Price, int Stock)> Products =
    [
        (Id("101"), "KB-001", "Mechanical keyboard", 79.90m, 100_000),
        (Id("102"), "MS-002", "Wireless mouse", 24.50m, 100_000),
        (Id("103"), "MO-003", "27-inch monitor", 229.00m, 100_000),
        (Id("104"), "HS-004", "Headset", 59.95m, 100_000),
        (Id("105"), "MUG-005", "Mug with an outbox on it", 9.99m, 100_000),
    ];

    /// <summary>Adds what is missing, in one transaction with its events.</summary>
    /// <returns>How many customers and products were added.</returns>
    internal static async Task<int> AddAsync(MySqlDataSource ecommerce, CancellationToken cancellationToken) =>
        await new TransactionalOutbox(ecommerce, "migrator", TimeProvider.System).ExecuteAsync(AddMissingAsync, cancellationToken);

    private static async Task<int> AddMissingAsync(OutboxTransaction tx, CancellationToken cancellationToken)
    {
        var present = new HashSet<Guid>();
        await using (var reader = await tx.ReadAsync(
            cancellationToken, OutboxTransaction.Statement("SELECT customer_id FROM customers UNION ALL SELECT product_id FROM products")))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                present.Add(reader.GetGuid(0));
            }
        }

        var added = 0;
        foreach (var (id, firstName, lastName, email, tier) in Customers.Where(customer => !present.Contains(customer.Id)))
        {
            var registered = new CustomerRegistered(id, firstName, lastName, email, tier, tx.Now);
            tx.Write(
                """
                INSERT INTO customers (customer_id, first_name, last_name, email, tier, registered_at, updated_at, version)
                VALUES (@id, @first, @last, @email, @tier, @at, @at, 1)
                """,
                ("@id", id), ("@first", firstName), ("@last", lastName), ("@email", email), ("@tier", $"{tier}".ToLowerInvariant()), ("@at", tx.Now));
            tx.Publish(registered, 1);
            added++;
        }

        foreach (var (id, sku, name, price, stock) in Products.Where(product => !present.Contains(product.Id)))
        {
            tx.Write(
                """
                INSERT INTO products (product_id, sku, name, price, stock_quantity, listed_at, updated_at, version)
                VALUES (@id, @sku, @name, @price, @stock, @at, @at, 1)
                """,
                ("@id", id), ("@sku", sku), ("@name", name), ("@price", price), ("@stock", stock), ("@at", tx.Now));
            tx.Publish(new ProductListed(id, sku, name, price, stock, tx.Now), 1);
            added++;
        }

        return added;
    }

    private static Guid Id(string end) => Guid.Parse($"01970000-0000-7000-8000-000000000{end}");
}
