using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EventDriven.AppHost;

/// <summary>An Apache Kafka distribution on this machine, as <c>KAFKA_HOME</c> names it, and the Java that runs it.</summary>
internal sealed partial class KafkaDistribution
{
    /// <summary>What Kafka 4 asks for, broker and Connect alike: https://kafka.apache.org/documentation/#java.</summary>
    private const int LeastJavaVersion = 17;

    private KafkaDistribution(string home, string version) => (Home, Version) = (home, version);

    /// <summary>The distribution's folder.</summary>
    public string Home { get; }

    /// <summary>Its version, such as <c>4.3.1</c>.</summary>
    public string Version { get; }

    /// <summary>Starts a broker.</summary>
    public string ServerStart => Script(Home, "kafka-server-start.sh");

    /// <summary>Starts a Connect worker.</summary>
    public string ConnectStart => Script(Home, "connect-distributed.sh");

    /// <summary>Formats a data folder.</summary>
    public string StorageTool => Script(Home, "kafka-storage.sh");

    /// <summary>Looks at the folder.</summary>
    /// <exception cref="InvalidOperationException">It is no Kafka distribution; the message says what is missing.</exception>
    public static KafkaDistribution At(string home)
    {
        home = Path.GetFullPath(home);
        foreach (var script in new[] { "kafka-server-start.sh", "kafka-storage.sh", "connect-distributed.sh" })
        {
            if (!File.Exists(Script(home, script)))
            {
                throw new InvalidOperationException($"KAFKA_HOME={home} is no Kafka distribution: bin/{script} is missing.");
            }
        }

        // kafka_2.13-4.3.1.jar: the version of Scala, then Kafka's.
        var libraries = Path.Combine(home, "libs");
        var version = Directory.Exists(libraries)
            ? Directory.EnumerateFiles(libraries, "kafka_*.jar").Select(file => BrokerLibrary().Match(Path.GetFileName(file))).FirstOrDefault(match => match.Success)
            : null;
        return version is not null
            ? new(home, version.Groups["version"].Value)
            : throw new InvalidOperationException($"KAFKA_HOME={home} is no Kafka distribution: libs/kafka_*.jar is missing.");
    }

    /// <summary>Checks that there is a Java that can run it.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it is too old; the message says so.</exception>
    public static async Task RequireJavaAsync(CancellationToken cancellationToken)
    {
        var java = Environment.GetEnvironmentVariable("JAVA_HOME") is { Length: > 0 } home ? Path.Combine(home, "bin", "java") : "java";
        string output;
        try
        {
            using var process = new Process { StartInfo = new(java, ["-version"]) { UseShellExecute = false, RedirectStandardError = true } };
            process.Start();
            output = await process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException($"Apache Kafka needs Java {LeastJavaVersion} or newer, and '{java}' is not there: install a package such as openjdk-17-jre-headless.", exception);
        }

        var found = ParseJavaVersion(output)
            ?? throw new InvalidOperationException($"'{java} -version' does not answer as Java does: {output.ReplaceLineEndings(" ").Trim()}");
        if (found < LeastJavaVersion)
        {
            throw new InvalidOperationException($"Apache Kafka needs Java {LeastJavaVersion} or newer; '{java}' is Java {found}. JAVA_HOME chooses another.");
        }
    }

    /// <summary>The feature version in what <c>java -version</c> prints: 17 of <c>openjdk version "17.0.15"</c>, 8 of <c>java version "1.8.0_402"</c>.</summary>
    internal static int? ParseJavaVersion(string output) =>
        JavaVersion().Match(output) is { Success: true } match ? int.Parse(match.Groups["feature"].Value, CultureInfo.InvariantCulture) : null;

    private static string Script(string home, string name) => Path.Combine(home, "bin", name);

    [GeneratedRegex("version \"(1\\.)?(?<feature>[0-9]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex JavaVersion();

    [GeneratedRegex("^kafka_[0-9.]+-(?<version>[0-9][^-]*)\\.jar$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BrokerLibrary();
}
