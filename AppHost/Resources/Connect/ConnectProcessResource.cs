namespace EventDriven.AppHost;

/// <summary>A Kafka Connect worker as a process of this machine.</summary>
internal sealed class ConnectProcessResource(string name, string program, string workingDirectory)
    : ExecutableResource(name, program, workingDirectory), IConnectResource;
