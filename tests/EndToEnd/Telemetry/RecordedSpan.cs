namespace EventDriven.EndToEnd.Telemetry;

/// <summary>A span that a service exported; ids in lower-case hex.</summary>
internal sealed record RecordedSpan(string Service, string Name, string TraceId, string SpanId, string ParentSpanId, IReadOnlyList<string> LinkedTraceIds);
