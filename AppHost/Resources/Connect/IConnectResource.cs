namespace EventDriven.AppHost;

/// <summary>A Kafka Connect worker with Debezium's plugins, whatever runs it.</summary>
internal interface IConnectResource : IResourceWithEndpoints, IResourceWithEnvironment, IResourceWithWaitSupport
{
    /// <summary>The name of the endpoint of its REST interface.</summary>
    const string EndpointName = "http";
}
