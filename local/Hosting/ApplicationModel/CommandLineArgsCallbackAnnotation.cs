namespace Aspire.Hosting.ApplicationModel;

/// <summary>Adds to a resource's arguments each time it starts.</summary>
public class CommandLineArgsCallbackAnnotation(Func<CommandLineArgsCallbackContext, Task> callback) : IResourceAnnotation
{
    public CommandLineArgsCallbackAnnotation(Action<IList<object>> callback)
        : this(context =>
        {
            callback(context.Args);
            return Task.CompletedTask;
        })
    {
    }

    public Func<CommandLineArgsCallbackContext, Task> Callback { get; } = callback;
}
