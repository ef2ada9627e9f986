using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace EventDriven.AppHost;

/// <summary>The part of Kafka Connect's REST interface that is used here: https://kafka.apache.org/documentation/#connect_rest.</summary>
/// <remarks>All methods throw <see cref="ConnectException"/> when the worker refuses, and <see cref="HttpRequestException"/> when it does not answer.</remarks>
internal sealed class ConnectClient(HttpClient http)
{
    /// <summary>The version of the worker. It answers only once it has joined its group and read its internal topics.</summary>
    public async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        // The root answers at once; the list of connectors only when the worker is really up.
        await GetAsync<string[]>("connectors", cancellationToken);
        var root = await GetAsync<JsonElement>("", cancellationToken);
        return root.GetProperty("version").GetString()!;
    }

    /// <summary>The names of all registered connectors.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        await GetAsync<string[]>("connectors", cancellationToken) ?? [];

    /// <summary>The configuration as it is registered, or null where there is no such connector.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> ConfigurationAsync(string connector, CancellationToken cancellationToken) =>
        await GetAsync<Dictionary<string, string>>($"connectors/{connector}/config", cancellationToken);

    /// <summary>The state of the connector and its tasks, or null where there is no such connector.</summary>
    public Task<ConnectorStatus?> StatusAsync(string connector, CancellationToken cancellationToken) =>
        GetAsync<ConnectorStatus>($"connectors/{connector}/status", cancellationToken);

    /// <summary>What the connector's own code finds wrong with a configuration, such as a database that refuses the user; empty where it is right.</summary>
    public async Task<IReadOnlyList<string>> ValidateAsync(IReadOnlyDictionary<string, string> configuration, CancellationToken cancellationToken)
    {
        var type = configuration["connector.class"];
        using var response = await SendAsync(HttpMethod.Put, $"connector-plugins/{type}/config/validate", configuration, cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return
        [
            .. from setting in answer.GetProperty("configs").EnumerateArray()
               let value = setting.GetProperty("value")
               from error in value.GetProperty("errors").EnumerateArray()
               select $"{value.GetProperty("name").GetString()}: {error.GetString()!.ReplaceLineEndings(" ")}",
        ];
    }

    /// <summary>Registers a connector, or changes its configuration.</summary>
    public async Task PutAsync(string connector, IReadOnlyDictionary<string, string> configuration, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Put, $"connectors/{connector}/config", configuration, cancellationToken)).Dispose();

    /// <summary>Restarts the connector with its tasks, or only what has failed of them.</summary>
    public async Task RestartAsync(string connector, bool onlyFailed, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Post, $"connectors/{connector}/restart?includeTasks=true&onlyFailed={(onlyFailed ? "true" : "false")}", body: null, cancellationToken)).Dispose();

    /// <summary>Pauses the connector: it keeps what it holds and does nothing.</summary>
    public async Task PauseAsync(string connector, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Put, $"connectors/{connector}/pause", body: null, cancellationToken)).Dispose();

    /// <summary>Lets a paused or stopped connector go on.</summary>
    public async Task ResumeAsync(string connector, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Put, $"connectors/{connector}/resume", body: null, cancellationToken)).Dispose();

    /// <summary>Stops the connector: it lets go of everything, so that its offsets can be removed.</summary>
    public async Task StopAsync(string connector, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Put, $"connectors/{connector}/stop", body: null, cancellationToken)).Dispose();

    /// <summary>Forgets how far a stopped connector has come.</summary>
    public async Task DeleteOffsetsAsync(string connector, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Delete, $"connectors/{connector}/offsets", body: null, cancellationToken)).Dispose();

    /// <summary>Removes the connector.</summary>
    public async Task DeleteAsync(string connector, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Delete, $"connectors/{connector}", body: null, cancellationToken)).Dispose();

    private async Task<T?> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(path, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return default;
        }

        await RequireAsync(response, cancellationToken);
        return await response.Content.ReadFromJsonAsync<T>(cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, IReadOnlyDictionary<string, string>? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        var response = await http.SendAsync(request, cancellationToken);
        await RequireAsync(response, cancellationToken);
        return response;
    }

    private static async Task RequireAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        var status = (int)response.StatusCode;
        response.Dispose();
        throw new ConnectException($"{status}: {Message(text).ReplaceLineEndings(" ").Trim()}");
    }

    // The worker answers {"error_code":…,"message":"…"}, a proxy in front of it perhaps not.
    private static string Message(string text)
    {
        try
        {
            return JsonDocument.Parse(text).RootElement.GetProperty("message").GetString() ?? text;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return text;
        }
    }
}
