namespace EventDriven.EmbeddedKafka.Server;

/// <summary>Who sent a request, in which version.</summary>
internal sealed record RequestContext(string ClientId, string ClientHost, short Version);
