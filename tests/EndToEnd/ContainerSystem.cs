using System.ComponentModel;
using System.Diagnostics;

namespace EventDriven.EndToEnd;

/// <summary>The system in containers. Only where the images are already on the machine: a test pulls none.</summary>
public sealed class ContainerSystem : RunningSystem
{
    private static readonly string[] Images = ["docker.io/library/mariadb:11.8", "docker.io/confluentinc/confluent-local:8.2.0", "quay.io/debezium/connect:3.5.2.Final"];

    public override string? Missing { get; } = WhyNot();

    protected override IEnumerable<string> Arguments => ["--Mode:MariaDb=Container", "--Mode:Kafka=Container", "--Mode:Connect=Container"];

    private static string? WhyNot() =>
#if ASPIRE_PACKAGES
        new[] { "podman", "docker" }.Any(engine => Images.All(image => Has(engine, image))) ? null : $"these images are not on this machine: {string.Join(", ", Images)}";
#else
        $"containers need the Aspire packages (UseAspirePackages=true) and {Images.Length} images";
#endif

    internal static bool Has(string engine, string image)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(engine, ["image", "inspect", image]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
