using Aspire.Hosting.ApplicationModel;

namespace EventDriven.LocalHosting;

/// <summary>The resource's output stays in its log.</summary>
internal sealed class QuietAnnotation : IResourceAnnotation;
