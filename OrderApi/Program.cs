using EventDriven.OrderApi;
using EventDriven.OrderApi.Commands;
using EventDriven.OrderApi.Customers;
using EventDriven.OrderApi.Http;
using EventDriven.OrderApi.Idempotency;
using EventDriven.OrderApi.OpenApi;
using EventDriven.OrderApi.Orders;
using EventDriven.OrderApi.Products;
using EventDriven.OrderApi.Queries;
using Scalar.AspNetCore;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddKeyedMySqlDataSource("ecommerce");
builder.AddKeyedMySqlDataSource("readmodel");
builder.AddKeyedMySqlDataSource("analytics");
builder.AddTransactionalOutbox("ecommerce", source: "order-api");
builder.AddRequestLimits();
builder.AddApiDescription();
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, OrderApiJson.Default));
builder.Services.AddExceptionHandler<ProblemAnswers>();
builder.Services.AddSingleton<IdempotencyStore>();
builder.Services.AddHostedService<IdempotencyCleaner>();
builder.Services.AddSingleton<CommandRunner>();
builder.Services.AddSingleton<ReadModel>();
builder.Services.AddSingleton<ProjectionReader>();

var app = builder.Build();
app.UseExceptionHandler(_ => { });
app.UseStatusCodePages(ProblemAnswers.ForStatusAsync);
app.UseRateLimiter();
app.UseRequestTimeouts();

var api = app.MapGroup("").RequireRateLimiting(RequestLimits.PerClient);
api.MapOrderCommands();
api.MapProductCommands();
api.MapCustomerCommands();
api.MapQueries();
app.MapDefaultEndpoints();
app.MapOpenApi();
if (app.Environment.IsDevelopment())
{
    app.MapScalarApiReference();
}

await app.RunAsync();
