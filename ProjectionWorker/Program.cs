using EventDriven.Contracts;
using EventDriven.ProjectionWorker;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();
builder.AddEventConsumer<Projector>(options =>
{
    options.Group = "projection-worker";
    options.Database = "readmodel";
    options.Topics = Topics.Events;
});

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapDeadLetterEndpoints();
await app.RunAsync();
