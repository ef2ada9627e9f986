using System.Reflection;

namespace EventDriven.LocalHosting;

internal sealed record AppHostAssembly(Assembly? Value);
