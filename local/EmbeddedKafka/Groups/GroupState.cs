namespace EventDriven.EmbeddedKafka.Groups;

/// <summary>The states of a group, by the names that DescribeGroups shows.</summary>
internal enum GroupState
{
    /// <summary>No members; offsets may still be there.</summary>
    Empty,

    /// <summary>Waiting for all members to join the next generation.</summary>
    PreparingRebalance,

    /// <summary>All have joined; waiting for the leader's assignment.</summary>
    CompletingRebalance,

    /// <summary>Every member has its assignment.</summary>
    Stable,

    /// <summary>There is no such group.</summary>
    Dead,
}
