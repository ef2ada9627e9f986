using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

public sealed class ExecuteCommandContext
{
    public required IServiceProvider ServiceProvider { get; init; }

    /// <summary>The instance's name, such as <c>order-api-kxwmtbzq</c>.</summary>
    public required string ResourceName { get; init; }

    public required CancellationToken CancellationToken { get; init; }

    /// <summary>Writes to the resource's console log.</summary>
    public required ILogger Logger { get; init; }
}
