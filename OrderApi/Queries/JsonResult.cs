using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventDriven.OrderApi.Queries;

/// <summary>Writes a query's answer with its source-generated shape.</summary>
internal sealed class JsonResult<T>(T value, JsonTypeInfo<T> shape) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(httpContext.Response.Body, value, shape, httpContext.RequestAborted);
    }
}
