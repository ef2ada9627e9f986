namespace Aspire.Hosting.ApplicationModel;

/// <summary>What to do when the resource waited for stops or fails.</summary>
public enum WaitBehavior
{
    /// <summary>Wait on: it may be started again. The default with a dashboard.</summary>
    WaitOnResourceUnavailable = 0,

    /// <summary>Fail too. The default without one.</summary>
    StopOnResourceUnavailable = 1,
}
