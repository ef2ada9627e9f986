namespace Aspire.Hosting.ApplicationModel;

public interface IValueWithReferences
{
    /// <summary>The resources and values this one is made of.</summary>
    IEnumerable<object> References { get; }
}
