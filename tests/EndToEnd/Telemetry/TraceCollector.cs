using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventDriven.EndToEnd.Telemetry;

/// <summary>Takes the services' spans in the dashboard's place and keeps them.</summary>
internal sealed class TraceCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<RecordedSpan> _spans = new();

    private TraceCollector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        _app = builder.Build();
        _app.MapGrpcService<Receiver>();
    }

    /// <summary>Where services export to.</summary>
    public string Endpoint => _app.Urls.Single();

    /// <summary>The spans so far.</summary>
    public IReadOnlyCollection<RecordedSpan> Spans => _spans;

    public static async Task<TraceCollector> StartAsync(CancellationToken cancellationToken)
    {
        var collector = new TraceCollector();
        await collector._app.StartAsync(cancellationToken);
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class Receiver(TraceCollector collector) : TraceService.TraceServiceBase
    {
        public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
        {
            foreach (var resource in request.ResourceSpans)
            {
                var service = resource.Resource.Attributes.FirstOrDefault(attribute => attribute.Key == "service.name")?.Value.StringValue ?? string.Empty;
                foreach (var span in resource.ScopeSpans.SelectMany(scope => scope.Spans))
                {
                    collector._spans.Enqueue(new(
                        service, span.Name, Hex(span.TraceId), Hex(span.SpanId), Hex(span.ParentSpanId), [.. span.Links.Select(link => Hex(link.TraceId))]));
                }
            }

            return Task.FromResult(new ExportTraceServiceResponse());
        }

        private static string Hex(Google.Protobuf.ByteString bytes) => Convert.ToHexStringLower(bytes.Span);
    }
}
