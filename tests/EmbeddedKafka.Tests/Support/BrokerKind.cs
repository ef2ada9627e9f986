namespace EventDriven.EmbeddedKafka.Tests.Support;

public enum BrokerKind
{
    Embedded,
    Apache,
}
