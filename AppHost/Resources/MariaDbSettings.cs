namespace EventDriven.AppHost;

/// <summary>The server settings that the system rests on, the same for a process and for a container.</summary>
internal static class MariaDbSettings
{
    /// <summary>Command line arguments of <c>mariadbd</c>.</summary>
    public static readonly IReadOnlyList<string> Arguments =
    [
        "--character-set-server=utf8mb4",
        "--default-time-zone=+00:00",

        // Change data capture reads whole rows from the binary log and resumes by GTID.
        "--server-id=1",
        "--log-bin=binlog",
        "--binlog-format=ROW",
        "--binlog-row-image=FULL",
        "--gtid-strict-mode=ON",
        "--expire-logs-days=7",

        // Debezium resumes by file position too; from 11.4 on MariaDB writes those only when told to. Older servers do not know the setting.
        "--loose-binlog-legacy-event-pos=1",

        // The default from 11.6 on, so that 10.11 behaves the same.
        "--loose-innodb-snapshot-isolation=ON",

        // A commit that was answered is on disk, in the tables and in the binary log.
        "--innodb-flush-log-at-trx-commit=1",
        "--sync-binlog=1",
    ];
}
