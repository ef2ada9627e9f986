namespace EventDriven.AppHost;

/// <summary>The Connect worker refused something; the message is the worker's own, in one line.</summary>
internal sealed class ConnectException(string message) : Exception(message);
