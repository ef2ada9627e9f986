using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace EventDriven.OrdersBench;

/// <summary>Places orders over HTTP, each with an idempotency key, as a careful client does.</summary>
internal sealed class ApiClient(HttpClient http, Stock stock)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public async Task<bool> PlaceAsync(int client, CancellationToken cancellationToken)
    {
        var (first, second) = stock.AnyProducts();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders");
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes($$$"""
            {"customerId":"{{{stock.AnyCustomer()}}}","items":[{"productId":"{{{first}}}","quantity":1},{"productId":"{{{second}}}","quantity":1}],"shippingAddress":{"street":"1 rue de la Paix","city":"Paris","zip":"75002","country":"FR"}}
            """))
        {
            Headers = { ContentType = Json },
        };
        using var response = await http.SendAsync(request, cancellationToken);
        await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.StatusCode == HttpStatusCode.Created;
    }
}
