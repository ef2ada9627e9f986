using Aspire.Hosting.ApplicationModel;
using EventDriven.LocalHosting.Dashboard.Proto;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Resource = EventDriven.LocalHosting.Dashboard.Proto.Resource;

namespace EventDriven.LocalHosting.Dashboard;

internal static class ProtoMapping
{
    public static Resource ToProto(this ResourceEvent resource)
    {
        var snapshot = resource.Snapshot;
        var proto = new Resource
        {
            Name = resource.ResourceId,
            DisplayName = resource.Resource.Name,
            Uid = resource.ResourceId,
            ResourceType = snapshot.ResourceType,
            CreatedAt = ToProto(snapshot.CreationTimeStamp),
            StartedAt = ToProto(snapshot.StartTimeStamp),
            StoppedAt = ToProto(snapshot.StopTimeStamp),
            IsHidden = snapshot.IsHidden,
        };
        if (snapshot.State is { } state)
        {
            proto.State = state.Text;
            if (state.Style is not null)
                proto.StateStyle = state.Style;
        }
        if (snapshot.IconName is not null)
        {
            proto.IconName = snapshot.IconName;
            proto.IconVariant = (Proto.IconVariant)(snapshot.IconVariant ?? Aspire.Hosting.ApplicationModel.IconVariant.Filled);
        }

        foreach (var variable in snapshot.EnvironmentVariables)
            proto.Environment.Add(new EnvironmentVariable { Name = variable.Name, Value = variable.Value ?? "", IsFromSpec = variable.IsFromSpec });
        foreach (var property in snapshot.Properties)
            proto.Properties.Add(new ResourceProperty { Name = property.Name, Value = ToValue(property.Value), IsSensitive = property.IsSensitive });
        if (snapshot.ExitCode is { } exitCode)
            proto.Properties.Add(new ResourceProperty { Name = "resource.exitCode", Value = Value.ForNumber(exitCode) });
        foreach (var url in snapshot.Urls)
            proto.Urls.Add(ToProto(url));
        foreach (var report in snapshot.HealthReports)
            proto.HealthReports.Add(ToProto(report));
        foreach (var relationship in snapshot.Relationships)
            proto.Relationships.Add(new ResourceRelationship { ResourceName = relationship.ResourceName, Type = relationship.Type });
        foreach (var command in snapshot.Commands)
            proto.Commands.Add(ToProto(command));
        return proto;
    }

    private static Url ToProto(UrlSnapshot url)
    {
        var proto = new Url
        {
            FullUrl = url.Url,
            IsInternal = url.IsInternal,
            IsInactive = url.IsInactive,
            DisplayProperties = new UrlDisplayProperties { DisplayName = url.DisplayProperties.DisplayName, SortOrder = url.DisplayProperties.SortOrder },
        };
        if (url.Name is not null)
            proto.EndpointName = url.Name;
        return proto;
    }

    private static Proto.HealthReport ToProto(HealthReportSnapshot report)
    {
        var proto = new Proto.HealthReport
        {
            Key = report.Name,
            Description = report.Description ?? "",
            Exception = report.ExceptionText ?? "",
            LastRunAt = ToProto(report.LastRunAt),
        };
        if (report.Status is { } status)
        {
            proto.Status = status switch
            {
                Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy => Proto.HealthStatus.Healthy,
                Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Degraded => Proto.HealthStatus.Degraded,
                _ => Proto.HealthStatus.Unhealthy,
            };
        }
        return proto;
    }

    private static ResourceCommand ToProto(ResourceCommandSnapshot command)
    {
        var proto = new ResourceCommand
        {
            Name = command.Name,
            DisplayName = command.DisplayName,
            IsHighlighted = command.IsHighlighted,
            State = (Proto.ResourceCommandState)command.State,
        };
        if (command.DisplayDescription is not null)
            proto.DisplayDescription = command.DisplayDescription;
        if (command.ConfirmationMessage is not null)
            proto.ConfirmationMessage = command.ConfirmationMessage;
        if (command.IconName is not null)
        {
            proto.IconName = command.IconName;
            proto.IconVariant = (Proto.IconVariant)(command.IconVariant ?? Aspire.Hosting.ApplicationModel.IconVariant.Regular);
        }
        return proto;
    }

    private static Timestamp? ToProto(DateTime? instant) => instant is { } i ? Timestamp.FromDateTime(i.ToUniversalTime()) : null;

    private static Value ToValue(object? value) => value switch
    {
        null => Value.ForNull(),
        string text => Value.ForString(text),
        bool yes => Value.ForBool(yes),
        int or long or double => Value.ForNumber(Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)),
        IEnumerable<string> list => Value.ForList([.. list.Select(Value.ForString)]),
        _ => Value.ForString(value.ToString() ?? ""),
    };
}
