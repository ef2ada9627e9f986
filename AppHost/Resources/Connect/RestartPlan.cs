namespace EventDriven.AppHost;

/// <summary>When a failed connector is restarted: after 5 s, then at intervals that double up to a minute, and anew once it has run for a minute.</summary>
internal sealed class RestartPlan(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private DateTimeOffset? _due;
    private DateTimeOffset? _runningSince;
    private TimeSpan _wait = First;

    /// <summary>Whether to restart now, given what was just seen.</summary>
    public bool IsDue(bool failed)
    {
        var now = time.GetUtcNow();
        if (!failed)
        {
            _due = null;
            _runningSince ??= now;
            if (now - _runningSince >= Longest)
            {
                _wait = First;
            }

            return false;
        }

        _runningSince = null;
        _due ??= now + _wait;
        if (now < _due)
        {
            return false;
        }

        _wait = _wait * 2 < Longest ? _wait * 2 : Longest;
        _due = now + _wait;
        return true;
    }
}
