namespace Aspire.Hosting;

/// <summary>A parameter has neither a configured value nor a default.</summary>
#pragma warning disable CA1032 // The constructors Aspire has.
public class MissingParameterValueException(string message) : DistributedApplicationException(message);
#pragma warning restore CA1032
