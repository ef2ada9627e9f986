using System.Text.RegularExpressions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Base of every resource.</summary>
public abstract partial class Resource : IResource
{
    /// <exception cref="ArgumentException">The name is not 1 to 64 letters, digits and single hyphens, beginning with a letter.</exception>
    protected Resource(string name)
    {
        if (name.Length > 64 || !ValidName().IsMatch(name))
        {
            throw new ArgumentException(
                $"Resource name '{name}' is invalid: 1 to 64 ASCII letters, digits and single hyphens, beginning with a letter and not ending with a hyphen.",
                nameof(name));
        }
        Name = name;
    }

    public virtual string Name { get; }

    public virtual ResourceAnnotationCollection Annotations { get; } = [];

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ValidName();
}
