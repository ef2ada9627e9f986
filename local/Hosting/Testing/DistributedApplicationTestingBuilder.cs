using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>
/// Runs an AppHost inside a test: with random ports, without the dashboard, its resources' output in the logger, and nothing kept
/// on the machine afterwards. Several may run side by side.
/// </summary>
public static class DistributedApplicationTestingBuilder
{
    /// <typeparam name="TEntryPoint">Any type of the AppHost's assembly: the generated <c>Projects.AppHost</c>.</typeparam>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>([], cancellationToken);

    /// <param name="args">The AppHost's command line.</param>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>(args, (_, _) => { }, cancellationToken);

    /// <param name="configureBuilder">Changes the options before the AppHost's builder is made.</param>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder,
        CancellationToken cancellationToken = default)
    {
        var entryPoint = new TestingEntryPoint(typeof(TEntryPoint).Assembly, args, configureBuilder);
        try
        {
            return new TestingBuilder(entryPoint, await entryPoint.StartAsync(cancellationToken));
        }
        catch
        {
            await entryPoint.DisposeAsync();
            throw;
        }
    }
}
