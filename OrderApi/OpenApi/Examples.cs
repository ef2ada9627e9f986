using EventDriven.Contracts;
using EventDriven.OrderApi.Customers;
using EventDriven.OrderApi.Http;
using EventDriven.OrderApi.Orders;
using EventDriven.OrderApi.Products;
using EventDriven.OrderApi.Queries;

namespace EventDriven.OrderApi.OpenApi;

/// <summary>The examples of the API description; ids are those of the sample data.</summary>
internal static class Examples
{
    private const string AdaId = "01970000-0000-7000-8000-000000000001";
    private const string KeyboardId = "01970000-0000-7000-8000-000000000101";

    private static readonly DateTimeOffset At = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero).AddTicks(1_234_560);
    private static readonly Address Rue = new("1 rue de la Paix", "Paris", "75002", "FR");
    private static readonly Guid OrderId = Guid.Parse("019c1404-1cf0-7a5e-9d1e-4b6f3a2c1d00");
    private static readonly Product Keyboard = new(Guid.Parse(KeyboardId), "KB-001", "Mechanical keyboard", 79.90m, 9998, At, At, 2);
    private static readonly Customers.Customer Ada =
        new(Guid.Parse(AdaId), "Ada", "Lovelace", "ada@example.com", CustomerTier.Gold, At, At, 1);

    private static readonly Orders.Order Placed = Orders.Order.From(new OrderCreated(
        OrderId, "ORD-20260131-000042", Ada.CustomerId, [Keyboard.Line(2)], Rue, Rue, 159.80m, 31.96m, 0m, 191.76m, OrderStatus.Pending, At));

    public static readonly Example CreateOrder = Example.Of(new CreateOrderRequest(
        AdaId, [new(KeyboardId, 2)], new(Rue.Street, Rue.City, Rue.Zip, Rue.Country)));

    public static readonly Example Item = Example.Of(new ItemRequest("01970000-0000-7000-8000-000000000102", 1));
    public static readonly Example Payment = Example.Of(new PaymentRequest(191.76m, "card", "pay_81f3"));
    public static readonly Example Shipment = Example.Of(new ShipmentRequest("Colissimo", "6A12345678901"));
    public static readonly Example Cancellation = Example.Of(new CancellationRequest("ordered twice"));
    public static readonly Example Order = Example.Of(OrderAnswer.Of(Placed));

    public static readonly Example ListProduct = Example.Of(new ListProductRequest("KB-001", "Mechanical keyboard", 79.90m, 10_000));
    public static readonly Example UpdateProduct = Example.Of(new UpdateProductRequest(Price: 74.90m));
    public static readonly Example StockAdjustment = Example.Of(new StockAdjustmentRequest(500, "delivery"));
    public static readonly Example Product = Example.Of(ProductAnswer.Of(Keyboard));

    public static readonly Example RegisterCustomer = Example.Of(new RegisterCustomerRequest("Ada", "Lovelace", "ada@example.com", "gold"));
    public static readonly Example UpdateCustomer = Example.Of(new UpdateCustomerRequest(Email: "ada@example.org"));
    public static readonly Example Customer = Example.Of(CustomerAnswer.Of(Ada));

    private static readonly OrderView View = new(
        OrderId, Placed.OrderNumber, Ada.CustomerId, "Ada Lovelace", Ada.Email, OrderStatus.Pending, "pending", "unfulfilled", Placed.Items, 1,
        Rue, Rue, 159.80m, 31.96m, 0m, 191.76m, At, 1, At.AddMilliseconds(40), OrderLinks.Of(OrderId, Ada.CustomerId, OrderStatus.Pending));

    private static readonly Queries.ProductView KeyboardView = new(
        Keyboard.ProductId, Keyboard.Sku, Keyboard.Name, Keyboard.Price, Keyboard.StockQuantity, At, At, 2, ProductAnswer.LinksOf(Keyboard.ProductId));

    public static readonly Example OrderView = Example.Of(View);
    public static readonly Example OrderPage = Example.Of(new Page<OrderView>([View], "NjM5MDU0MDAwMDAxMjM0NTYwfDAxOWMxNDA0"));
    public static readonly Example ProductView = Example.Of(KeyboardView);
    public static readonly Example ProductPage = Example.Of(new Page<ProductView>([KeyboardView], null));
    public static readonly Example CustomerView = Example.Of(new CustomerView(
        Ada.CustomerId, Ada.FirstName, Ada.LastName, Ada.Email, Ada.Tier, At, At, 1, CustomerAnswer.LinksOf(Ada.CustomerId)));

    public static readonly Example Dashboard = Example.Of<IReadOnlyList<DashboardRow>>(
        [new(new DateOnly(2026, 1, 31), OrderStatus.Pending, 3, 575.28m, 191.76m)]);

    public static readonly Example OrdersPerMinute = Example.Of<IReadOnlyList<MinuteOfOrders>>(
        [new(new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero), new(2026, 1, 31, 12, 1, 0, TimeSpan.Zero), 3, 575.28m, 191.76m)]);

    /// <summary>What a problem of a status looks like.</summary>
    public static Problem ProblemOf(int status) => status switch
    {
        400 => Problem.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            ["customerId"] = ["must be a UUID"],
            ["items[0].quantity"] = ["must be a whole number from 1 to 1000"],
        }),
        404 => Problem.NotFound("order", OrderId),
        409 => Problem.IllegalStep(OrderSteps.Ship, "pending", OrderSteps.AllowedIn(OrderStatus.Pending)),
        412 => Problem.WrongVersion(3),
        413 => Problem.TooLarge(RequestLimits.LargestBody),
        415 => Problem.NotJson(),
        422 => Problem.KeyReused(),
        429 => Problem.TooManyRequests(),
        503 => Problem.Unavailable(),
        504 => Problem.TimedOut(),
        _ => Problem.Unexpected(),
    };
}
