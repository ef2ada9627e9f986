using System.Globalization;
using System.Reflection;
using EventDriven.OrdersBench;
using EventDriven.TestSupport;

const string Usage = """
    Usage: dotnet run -c Release --project bench/OrdersBench -- [SECONDS]

      Orders a second through the API's process against the same SQL statements sent by a bare client with prepared statements:
      16 clients each, closed loop, in turn on the same durable MariaDB, for SECONDS each (default 30) in two rounds.
    """;

var seconds = 30;
if (args.Length > 1 || (args.Length == 1 && (!int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out seconds) || seconds < 2)))
{
    await Console.Error.WriteLineAsync(Usage);
    return 2;
}

if (MariaDbServer.Missing is { } missing)
{
    await Console.Error.WriteLineAsync(missing);
    return 2;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    interrupted.Cancel();
};
var cancellation = interrupted.Token;

await using var server = await MariaDbServer.StartAsync(cancellation, durable: true);
await using var databases = await TestDatabases.CreateAsync(server, cancellation);
var stock = await Stock.FillAsync(databases, cancellation);

var port = TestPorts.Free();
var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
{
    ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
    ["Limits__RequestsPerSecond"] = "0",
};
foreach (var database in new[] { "ecommerce", "readmodel", "analytics" })
{
    environment[$"ConnectionStrings__{database}"] = databases.ConnectionString("order_api", database);
}

await using var process = await TestProcess.StartDotnetAsync(Assembly.Load("OrderApi"), [], environment, cancellation);
using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Load.Clients }) { BaseAddress = new($"http://127.0.0.1:{port}") };
await Eventually.TrueAsync(async token => (await http.GetStringAsync(new Uri("/health", UriKind.Relative), token)).Length > 0, cancellation);

var api = new Load("API", new ApiClient(http, stock).PlaceAsync);
await using var bare = new BareClient(databases.ConnectionString("order_api", "ecommerce"), stock);
var statements = new Load("bare client", bare.PlaceAsync);

// Long enough for the just-in-time compiler to have settled.
foreach (var load in new[] { statements, api })
{
    await load.RunAsync(TimeSpan.FromSeconds(5), measured: false, cancellation);
}

for (var round = 1; round <= 2; round++)
{
    foreach (var load in new[] { statements, api })
    {
        await load.RunAsync(TimeSpan.FromSeconds(seconds / 2.0), measured: true, cancellation);
    }
}

Console.WriteLine(statements);
Console.WriteLine(api);
var deadlocks = await Stock.DeadlocksAsync(databases, cancellation);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio {api.PerSecond / statements.PerSecond:0.00}, deadlocks in the server {deadlocks}"));
var lost = await Stock.LostAsync(databases, api.Orders + statements.Orders, cancellation);
if (lost is not null)
{
    Console.WriteLine(lost);
}

return api.Errors == 0 && lost is null ? 0 : 1;
