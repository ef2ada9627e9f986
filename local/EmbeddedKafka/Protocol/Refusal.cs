namespace EventDriven.EmbeddedKafka.Protocol;

/// <summary>What this broker says when it is asked for something that needs Apache Kafka.</summary>
internal static class Refusal
{
    public const string NoAuthorizer = "No Authorizer is configured: EmbeddedKafka has no access control.";
    public const string NoTransactions = "EmbeddedKafka has no transactions.";
    public const string OneBroker = "EmbeddedKafka is a single broker with id 1: the replication factor can only be 1.";
}
