using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace EventDriven.LocalHosting;

/// <summary>Keeps a generated value in the AppHost's user secrets, so that the next run reads the same one from configuration.</summary>
internal sealed class UserSecretsParameterDefault(string userSecretsId, string parameterName, ParameterDefault inner) : ParameterDefault
{
    private static readonly Lock Writing = new();

    /// <summary>The default itself where there are no user secrets, or a test must leave nothing behind.</summary>
    public static ParameterDefault For(IDistributedApplicationBuilder builder, string parameterName, ParameterDefault inner) =>
        builder is DistributedApplicationBuilder { LeavesNoTrace: false }
        && builder.AppHostAssembly?.GetCustomAttribute<UserSecretsIdAttribute>()?.UserSecretsId is { } id
            ? new UserSecretsParameterDefault(id, parameterName, inner)
            : inner;

    public override string GetDefaultValue()
    {
        var value = inner.GetDefaultValue();
        var path = PathHelper.GetSecretsPathFromSecretsId(userSecretsId);
        lock (Writing)
        {
            var secrets = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))!.AsObject() : [];
            secrets[$"Parameters:{parameterName}"] = value;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var temporary = path + ".new";
            var mode = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(temporary, mode))
                JsonSerializer.Serialize(stream, secrets, JsonSerializerOptions.Web);
            File.Move(temporary, path, overwrite: true);
        }
        return value;
    }
}
