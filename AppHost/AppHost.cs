using EventDriven.AppHost;

var builder = DistributedApplication.CreateBuilder(args);
await builder.AnnounceModeAsync();

// Backing services: containers, processes or ones that already run. docs/hosting.md tells how that is chosen.
var mariadb = builder.AddMariaDb("mariadb");
var kafka = builder.AddKafkaBroker("kafka");

// Schemas, database users and topics are there before anything uses them; no service creates its own.
var migrator = builder.AddProject<Projects.Migrator>("migrator")
    .WithDatabaseAdministrator(mariadb)
    .WithReference(kafka)
    .WaitFor(mariadb.Server)
    .WaitFor(kafka);

builder.AddProject<Projects.OutboxRelay>("outbox-relay")
    .WithDatabase(mariadb, "ecommerce", user: DatabaseUsers.OutboxRelay)
    .WithReference(kafka)
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
