namespace EventDriven.AppHost;

/// <summary>What stands behind MariaDB, Kafka or Debezium Connect.</summary>
internal enum ServerKind
{
    /// <summary>Something that already runs, named by a connection string.</summary>
    Given,

    /// <summary>A container, through the Aspire packages.</summary>
    Container,

    /// <summary>The real server as a process of this machine.</summary>
    Process,

    /// <summary>The development broker local/EmbeddedKafka; Kafka only.</summary>
    Embedded,

    /// <summary>Not started; Debezium Connect only.</summary>
    None,
}
