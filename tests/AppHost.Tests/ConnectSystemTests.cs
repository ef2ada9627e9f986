using System.Globalization;
using System.Net.Http.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Confluent.Kafka;
using EventDriven.Contracts;
using EventDriven.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MySqlConnector;

namespace EventDriven.AppHost.Tests;

/// <summary>The AppHost on real Apache Kafka and Debezium, with Debezium as the publisher.</summary>
public sealed class ConnectSystemTests
{
    // One restart in a run of all tests; docs/connect.md has a run with fifty.
    private static readonly int Restarts = int.Parse(Environment.GetEnvironmentVariable("EVENTDRIVEN_RESTARTS") ?? "1", CultureInfo.InvariantCulture);

    private static readonly string[] Connectors = [OutboxConnector.Name, ChangeDataConnector.Name, OrdersPerMinuteSink.Name];

    [Fact]
    public async Task Connectors_are_registered_once_over_restarts_an_order_flows_and_what_is_wrong_shows_and_heals()
    {
        Assert.SkipWhen(MariaDbServer.Missing is not null, MariaDbServer.Missing ?? "");
        Assert.SkipWhen(EventDriven.TestSupport.KafkaDistribution.ConnectMissing is not null, EventDriven.TestSupport.KafkaDistribution.ConnectMissing ?? "");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(4 + Restarts));
        var cancellationToken = deadline.Token;
        var data = Directory.CreateTempSubdirectory("eventdriven-apphost-").FullName;
        try
        {
            long stored;
            await using (var app = await StartAsync(data, cancellationToken))
            {
                await OrderFlowsAsync(app, cancellationToken);
                stored = await StoredConfigurationsAsync(app, cancellationToken);
            }

            for (var restart = 1; restart < Restarts; restart++)
            {
                await using var app = await StartAsync(data, cancellationToken);
                Assert.Equal(stored, await StoredConfigurationsAsync(app, cancellationToken));
            }

            await using (var app = await StartAsync(data, cancellationToken))
            {
                // New ports and new passwords, and yet nothing to change: a connector names both by variable.
                Assert.Equal(stored, await StoredConfigurationsAsync(app, cancellationToken));
                await CommandsWorkAsync(app, cancellationToken);
                await WrongPasswordShowsAndHealsAsync(app, cancellationToken);
                await OldRowShowsAndHealsAsync(app, cancellationToken);
                await OrderFlowsAsync(app, cancellationToken);
            }
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<DistributedApplication> StartAsync(string data, CancellationToken cancellationToken)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [
                $"--DataFolder={data}", "--Mode:MariaDb=Process", "--Mode:Kafka=Process", "--Mode:Connect=Process", "--Outbox:Publisher=Debezium",
                $"--KAFKA_HOME={EventDriven.TestSupport.KafkaDistribution.Home}", $"--CONNECT_PLUGIN_PATH={EventDriven.TestSupport.KafkaDistribution.ConnectPluginPath}",
            ],
            cancellationToken);
        var app = await builder.BuildAsync(cancellationToken);
        await app.StartAsync(cancellationToken);
        foreach (var resource in Connectors.Append("order-api").Append("projection-worker"))
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(resource, cancellationToken);
        }

        return app;
    }

    private static async Task OrderFlowsAsync(DistributedApplication app, CancellationToken cancellationToken)
    {
        using var api = app.CreateHttpClient("order-api");

        // The list is the read model's: the sample data reaches it through the same events as everything else.
        var products = await Eventually.GetAsync(
            async cancellation => (await api.GetFromJsonAsync<System.Text.Json.JsonElement>("products", cancellation)).GetProperty("items"),
            items => items.GetArrayLength() > 0,
            cancellationToken,
            TimeSpan.FromSeconds(60));
        var product = products[0];
        var customer = await PostAsync("customers", new { firstName = "Ada", lastName = "L", email = $"{Guid.NewGuid():N}@example.org" });
        var order = await PostAsync("orders", new
        {
            customerId = customer.GetProperty("customerId").GetString(),
            items = new[] { new { productId = product.GetProperty("productId").GetString(), quantity = 1 } },
            shippingAddress = new { street = "1 rue", city = "Orléans", zip = "45000", country = "FR" },
        });
        await Eventually.TrueAsync(
            async cancellation => (await api.GetAsync($"orders/{order.GetProperty("orderId").GetString()}", cancellation)).IsSuccessStatusCode, cancellationToken, TimeSpan.FromSeconds(60));

        async Task<System.Text.Json.JsonElement> PostAsync(string path, object body)
        {
            using var response = await api.PostAsJsonAsync(path, body, cancellationToken);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
            return await response.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(cancellationToken);
        }
    }

    private static async Task CommandsWorkAsync(DistributedApplication app, CancellationToken cancellationToken)
    {
        var commands = app.Services.GetRequiredService<ResourceCommandService>();
        foreach (var command in new[] { ConnectorCommands.Pause, ConnectorCommands.Resume, ConnectorCommands.Restart, ConnectorCommands.Snapshot })
        {
            var result = await commands.ExecuteCommandAsync(ChangeDataConnector.Name, command, cancellationToken);
            Assert.True(result.Success, $"{command}: {result.Message}");
        }

        var brokers = await app.GetConnectionStringAsync("kafka", cancellationToken);
        using var consumer = new ConsumerBuilder<string, string?>(new ConsumerConfig
        {
            BootstrapServers = brokers,
            GroupId = "snapshot-reader",
            AutoOffsetReset = AutoOffsetReset.Earliest,
            IsolationLevel = IsolationLevel.ReadCommitted,
        }).SetLogHandler((_, _) => { }).Build();
        consumer.Subscribe(ConnectTopics.Changes("ecommerce", "products").Name);
        await Eventually.TrueAsync(
            cancellation => Task.Run(() => consumer.Consume(TimeSpan.FromSeconds(1))?.Message.Value?.Contains("\"snapshot\":\"incremental\"", StringComparison.Ordinal) == true, cancellation),
            cancellationToken,
            TimeSpan.FromSeconds(90));
    }

    private static async Task WrongPasswordShowsAndHealsAsync(DistributedApplication app, CancellationToken cancellationToken)
    {
        var model = app.Services.GetRequiredService<DistributedApplicationModel>();
        var parameter = model.Resources.OfType<ParameterResource>().Single(resource => resource.Name == "cdc-db-password");
        var right = await parameter.GetValueAsync(cancellationToken);
        await SetPasswordAsync(app, "wrong", cancellationToken);
        var commands = app.Services.GetRequiredService<ResourceCommandService>();
        Assert.True((await commands.ExecuteCommandAsync(ChangeDataConnector.Name, ConnectorCommands.Restart, cancellationToken)).Success);
        await app.ResourceNotifications.WaitForResourceAsync(
            ChangeDataConnector.Name,
            change => change.Snapshot.HealthReports.Any(report => report.Status == HealthStatus.Unhealthy && report.Description?.Contains("Access denied for user 'cdc'", StringComparison.Ordinal) == true),
            cancellationToken);

        await SetPasswordAsync(app, right!, cancellationToken);
        await app.ResourceNotifications.WaitForResourceHealthyAsync(ChangeDataConnector.Name, cancellationToken);
    }

    // Without the janitor a row stays in the outbox although its connector runs.
    private static async Task OldRowShowsAndHealsAsync(DistributedApplication app, CancellationToken cancellationToken)
    {
        var janitor = app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(resource => resource.Name == "outbox-relay");
        var commands = app.Services.GetRequiredService<ResourceCommandService>();
        Assert.True((await commands.ExecuteCommandAsync(janitor, KnownResourceCommands.StopCommand, cancellationToken)).Success);
        await ExecuteAsync(
            app,
            """
            INSERT INTO ecommerce.outbox_events (id, aggregate_type, aggregate_id, aggregate_version, event_type, payload, created_at)
            VALUES (UUID(), 'order', CONCAT(LEFT(UUID(), 34), '01'), 1, 'OfNoKind', '{}', UTC_TIMESTAMP(6) - INTERVAL 10 MINUTE)
            """,
            cancellationToken);
        await app.ResourceNotifications.WaitForResourceAsync(
            OutboxConnector.Name,
            change => change.Snapshot.HealthReports.Any(report =>
                report.Status == HealthStatus.Unhealthy && report.Description?.StartsWith("The connector says RUNNING, but the oldest row has stood in the outbox for 6", StringComparison.Ordinal) == true),
            cancellationToken);

        Assert.True((await commands.ExecuteCommandAsync(janitor, KnownResourceCommands.StartCommand, cancellationToken)).Success);
        await app.ResourceNotifications.WaitForResourceHealthyAsync(OutboxConnector.Name, cancellationToken);
    }

    private static Task SetPasswordAsync(DistributedApplication app, string password, CancellationToken cancellationToken) =>
        ExecuteAsync(app, $"ALTER USER 'cdc'@'%' IDENTIFIED BY '{password}'", cancellationToken);

    private static async Task ExecuteAsync(DistributedApplication app, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new MySqlConnection(await app.GetConnectionStringAsync("mariadb", cancellationToken));
        await connection.OpenAsync(cancellationToken);
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Every change of a connector's configuration is a record under connector-<name>.
    private static async Task<long> StoredConfigurationsAsync(DistributedApplication app, CancellationToken cancellationToken)
    {
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = await app.GetConnectionStringAsync("kafka", cancellationToken),
            GroupId = "config-reader",
            EnablePartitionEof = true,
            IsolationLevel = IsolationLevel.ReadCommitted,
        }).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(new TopicPartitionOffset("connect-configs", 0, Offset.Beginning));
        return await Task.Run(
            () =>
            {
                var found = 0;
                while (consumer.Consume(TimeSpan.FromSeconds(10)) is { IsPartitionEOF: false } record)
                {
                    found += record.Message.Key.StartsWith("connector-", StringComparison.Ordinal) ? 1 : 0;
                }

                return found;
            },
            cancellationToken);
    }
}
