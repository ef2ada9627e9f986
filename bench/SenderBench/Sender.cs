namespace EventDriven.SenderBench;

/// <summary>What sends the outbox, and how its processor time is told.</summary>
internal abstract class Sender
{
    /// <summary>What the table calls it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it also removes what it sent.</summary>
    public virtual bool Removes => true;

    /// <summary>Begins sending.</summary>
    public abstract Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Ends, so that the other one can begin.</summary>
    public abstract Task StopAsync(CancellationToken cancellationToken);

    /// <summary>Processes whose processor time counts as the sender's.</summary>
    public abstract IReadOnlyList<int> Processes { get; }
}
