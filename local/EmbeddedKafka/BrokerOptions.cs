using System.Net;

namespace EventDriven.EmbeddedKafka;

/// <summary>How an <see cref="EmbeddedBroker"/> is to run.</summary>
public sealed class BrokerOptions
{
    /// <summary>The folder everything is kept in; made if it is missing. One broker at a time can have it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The port on 127.0.0.1; 0 for any that is free.</summary>
    public int Port { get; init; }

    /// <summary>How often retention looks for what may be deleted.</summary>
    public TimeSpan RetentionCheckInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The shortest session a group member may ask for. Apache's default; tests that wait for a dead member want less.</summary>
    public TimeSpan MinSessionTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>What is wrong with the options; null when nothing is.</summary>
    internal string? FindProblem() =>
        string.IsNullOrWhiteSpace(DataDirectory) ? $"{nameof(DataDirectory)} is empty."
        : Port is < 0 or > IPEndPoint.MaxPort ? $"{nameof(Port)} {Port} is no port."
        : RetentionCheckInterval <= TimeSpan.Zero ? $"{nameof(RetentionCheckInterval)} must be positive."
        : MinSessionTimeout <= TimeSpan.Zero ? $"{nameof(MinSessionTimeout)} must be positive."
        : null;
}
