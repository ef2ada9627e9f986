using EventDriven.AnalyticsWorker;
using EventDriven.AnalyticsWorker.Windows;
using EventDriven.Contracts;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddOptions<AnalyticsOptions>().BindConfiguration("Analytics").ValidateDataAnnotations().ValidateOnStart();
builder.AddEventConsumer<OrderWindows>(options =>
{
    options.Group = "analytics-worker";
    options.Database = "analytics";
    options.Topics = [Topics.Orders];
});
builder.Services.AddHostedService<WindowPublisher>();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapDeadLetterEndpoints();
await app.RunAsync();
