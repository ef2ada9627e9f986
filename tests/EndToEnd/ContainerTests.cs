namespace EventDriven.EndToEnd;

/// <inheritdoc/>
public sealed class ContainerTests(ContainerSystem system) : SystemTests(system), IClassFixture<ContainerSystem>;
