using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

internal static class References
{
    /// <summary>The resources a value is made of, each once; those inside a resource's own connection string are left out.</summary>
    public static IEnumerable<IResource> In(object value) => Walk(value, []).Distinct();

    private static IEnumerable<IResource> Walk(object value, HashSet<object> seen)
    {
        if (!seen.Add(value))
            yield break;
        if (value is IResource resource)
        {
            yield return resource;
        }
        else if (value is IValueWithReferences references)
        {
            foreach (var inner in references.References.SelectMany(r => Walk(r, seen)))
                yield return inner;
        }
    }
}
