using EventDriven.AppHost;

var builder = DistributedApplication.CreateBuilder(args);
await builder.AnnounceModeAsync();

// Backing services: containers, processes or ones that already run. docs/hosting.md tells how that is chosen.
var mariadb = builder.AddMariaDb("mariadb");
var kafka = builder.AddKafkaBroker("kafka");

var publisher = builder.OutboxPublisher();

// Schemas, database users and topics are there before anything uses them; no service creates its own.
var migrator = builder.AddProject<Projects.Migrator>("migrator")
    .WithDatabaseAdministrator(mariadb)
    .WithReference(kafka)
    .WithTopicSettings(publisher)
    .WaitFor(mariadb.Server)
    .WaitFor(kafka);

// Where Debezium Connect is run: changes of tables to Kafka, analytics results to tables and, if it is the publisher, the outbox.
if (builder.HasDebeziumConnect())
{
    var connect = builder.AddDebeziumConnect("connect", kafka, mariadb)
        .WithOutboxPublisher(publisher, mariadb)
        .WaitForCompletion(migrator);
    connect.AddConnector(ChangeDataConnector.Name, ChangeDataConnector.Configuration()).WithSnapshotCommand(kafka);
    connect.AddConnector(OrdersPerMinuteSink.Name, OrdersPerMinuteSink.Configuration());
}

builder.AddProject<Projects.OutboxRelay>("outbox-relay")
    .WithDatabase(mariadb, "ecommerce", user: DatabaseUsers.OutboxRelay)
    .WithReference(kafka)
    .WithEnvironment("Outbox__Publisher", publisher.ToString())
    .WithReplicas(builder.ReplicasOf("OutboxRelay"))
    .WithHttpHealthCheck("/health")
    .WaitForCompletion(migrator);

builder.AddProject<Projects.ProjectionWorker>("projection-worker")
    .WithDatabase(mariadb, "readmodel", user: DatabaseUsers.ProjectionWorker)
    .WithReference(kafka)
    .WithReplicas(builder.ReplicasOf("ProjectionWorker"))
    .WithHttpHealthCheck("/health")
    .WaitForCompletion(migrator);

builder.AddProject<Projects.AnalyticsWorker>("analytics-worker")
    .WithDatabase(mariadb, "analytics", user: DatabaseUsers.AnalyticsWorker)
    .WithReference(kafka)
    .WithReplicas(builder.ReplicasOf("AnalyticsWorker"))
    .WithHttpHealthCheck("/health")
    .WaitForCompletion(migrator);

builder.AddProject<Projects.OrderApi>("order-api")
    .WithDatabase(mariadb, "ecommerce", user: DatabaseUsers.OrderApi)
    .WithDatabase(mariadb, "readmodel", user: DatabaseUsers.OrderApi)
    .WithDatabase(mariadb, "analytics", user: DatabaseUsers.OrderApi)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WaitForCompletion(migrator);

await builder.Build().RunAsync();
