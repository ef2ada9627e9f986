using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventDriven.Contracts;

/// <summary>Money as a JSON number with exactly two decimals, read as <see cref="decimal"/> so that it stays exact.</summary>
public sealed class MoneyConverter : JsonConverter<decimal>
{
    /// <inheritdoc/>
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal();

    /// <inheritdoc/>
    /// <exception cref="JsonException">The value has more than two decimals: an amount that was never rounded must not be rounded silently here.</exception>
    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
    {
        var money = decimal.Round(value, 2);
        if (money != value)
        {
            throw new JsonException($"{value} is not an amount of money: it has more than two decimals.");
        }

        // Adding a zero of scale 2 raises a smaller scale to 2: 5 becomes 5.00.
        writer.WriteNumberValue(money + 0.00m);
    }
}
