using System.Globalization;
using System.Net;

namespace EventDriven.EmbeddedKafka;

/// <summary>What the executable understands.</summary>
internal sealed record CommandLine(string DataDirectory, int Port)
{
    public const string Help = """
        EmbeddedKafka: a single-node broker on 127.0.0.1 for development and tests.

        Usage: EmbeddedKafka --data DIR [--port N]

          --data DIR   the folder everything is kept in; made if it is missing
          --port N     the port, 9092 if not given; 0 for any that is free
          --help       this text

        Prints one line, "ready 127.0.0.1:PORT", when it accepts connections; logs go to standard error.
        SIGTERM or Ctrl+C stops it.
        """;

    /// <summary>Null with a problem, or with none when help was asked for.</summary>
    public static CommandLine? Parse(IReadOnlyList<string> args, out string? problem)
    {
        string? data = null;
        var port = 9092;
        problem = null;
        for (var i = 0; i < args.Count; i++)
        {
            var value = i + 1 < args.Count ? args[i + 1] : null;
            switch (args[i])
            {
                case "--help" or "-h":
                    return null;
                case "--data" when value is not null:
                    data = value;
                    i++;
                    break;
                case "--port" when value is not null:
                    if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > IPEndPoint.MaxPort)
                        problem = $"--port {value}: not a port";
                    i++;
                    break;
                case "--data" or "--port":
                    problem = $"{args[i]} needs a value";
                    break;
                default:
                    problem = $"unknown argument {args[i]}";
                    break;
            }

            if (problem is not null)
                return null;
        }

        if (string.IsNullOrWhiteSpace(data))
        {
            problem = "--data DIR is needed";
            return null;
        }

        return new(data, port);
    }
}
