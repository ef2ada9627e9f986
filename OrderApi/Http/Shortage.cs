namespace EventDriven.OrderApi.Http;

/// <summary>A product of which there is not enough.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Requested">Pieces asked for.</param>
/// <param name="Available">Pieces there are.</param>
internal sealed record Shortage(Guid ProductId, int Requested, int Available);
