namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource that lives and dies with another one, such as a database of a server.</summary>
public interface IResourceWithParent : IResource
{
    IResource Parent { get; }
}

/// <inheritdoc cref="IResourceWithParent"/>
public interface IResourceWithParent<out T> : IResourceWithParent
    where T : IResource
{
    new T Parent { get; }

    IResource IResourceWithParent.Parent => Parent;
}
