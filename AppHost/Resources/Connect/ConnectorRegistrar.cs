namespace EventDriven.AppHost;

/// <summary>Brings connectors on a worker to the declared state. Doing it again changes nothing.</summary>
internal static class ConnectorRegistrar
{
    /// <summary>Registers the connector where it is missing or its configuration differs; one that is as declared is left alone, and does not restart.</summary>
    /// <returns>Whether something was changed.</returns>
    /// <exception cref="ConnectException">The worker finds the configuration wrong or refuses it; nothing was changed.</exception>
    /// <exception cref="HttpRequestException">The worker does not answer.</exception>
    public static async Task<bool> RegisterAsync(
        ConnectClient worker, string connector, IReadOnlyDictionary<string, string> configuration, CancellationToken cancellationToken)
    {
        // The worker stores the name as one of the settings.
        var declared = new Dictionary<string, string>(configuration, StringComparer.Ordinal) { ["name"] = connector };
        var current = await worker.ConfigurationAsync(connector, cancellationToken);
        if (current is not null && Same(current, declared))
        {
            return false;
        }

        var errors = await worker.ValidateAsync(declared, cancellationToken);
        if (errors.Count > 0)
        {
            throw new ConnectException(string.Join("; ", errors));
        }

        await worker.PutAsync(connector, declared, cancellationToken);
        return true;
    }

    /// <summary>Removes the connector with its offsets, so that registering it later begins anew.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ConnectException">The worker refuses.</exception>
    /// <exception cref="HttpRequestException">The worker does not answer.</exception>
    public static async Task<bool> RemoveAsync(ConnectClient worker, string connector, CancellationToken cancellationToken)
    {
        if (await worker.ConfigurationAsync(connector, cancellationToken) is null)
        {
            return false;
        }

        await worker.StopAsync(connector, cancellationToken);
        await worker.DeleteOffsetsAsync(connector, cancellationToken);
        await worker.DeleteAsync(connector, cancellationToken);
        return true;
    }

    private static bool Same(IReadOnlyDictionary<string, string> left, Dictionary<string, string> right) =>
        left.Count == right.Count && left.All(setting => right.TryGetValue(setting.Key, out var value) && string.Equals(value, setting.Value, StringComparison.Ordinal));
}
