using System.Text.Json.Nodes;
using EventDriven.Contracts;
using EventDriven.OrderApi.Commands;
using EventDriven.OrderApi.Http;
using EventDriven.OrderApi.Idempotency;
using EventDriven.OrderApi.Orders;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EventDriven.OrderApi.OpenApi;

/// <summary>What the OpenAPI document says beyond the routes: problems, headers, examples.</summary>
internal static class ApiDescription
{
    private const string Json = "application/json";

    public static void AddApiDescription(this WebApplicationBuilder builder) => builder.Services.AddOpenApi(options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "Order API",
                Version = "v1",
                Description = "Orders, customers, products and stock. Commands answer from the write side at once; queries come from the read models, "
                    + "which follow within moments: pass the version of a command's answer as minVersion to wait for it.",
            };
            document.Servers?.Clear();
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer(DescribeScalarAsync);
    });

    /// <summary>Describes a command.</summary>
    public static void DescribesCommand(
        this RouteHandlerBuilder endpoint, string name, string summary, Example? request, Example answer, int status, int[] problems)
    {
        endpoint.WithName(name).WithSummary(summary).Produces(status, answer.Type, Json);
        if (request is not null)
        {
            endpoint.Accepts(request.Type, Json);
        }

        int[] all = [400, .. problems, .. request is null ? [] : new[] { 413, 415 }, 429, 500, 503, 504];
        endpoint.AddProblems(all);
        endpoint.AddOpenApiOperationTransformer((operation, context, _) =>
        {
            AddCommandHeaders(operation, context.Description.HttpMethod == "POST", takesVersion: all.Contains(412));
            if (request is not null && operation.RequestBody?.Content?[Json] is { } body)
            {
                body.Example = request.ToJson();
            }

            AddAnswerExamples(operation, answer, status, all);
            if (operation.Responses?[$"{status}"] is OpenApiResponse response)
            {
                response.Headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal)
                {
                    ["ETag"] = Header("The version, such as \"3\": for If-Match, and as minVersion of a query.", "\"1\""),
                    [CommandAnswer.ReplayedHeader] = Header("true where an earlier request with the same Idempotency-Key got this answer.", "true"),
                };
                if (status == 201)
                {
                    response.Headers["Location"] = Header("Where it is.", "/orders/019c1404-1cf0-7a5e-9d1e-4b6f3a2c1d00");
                }
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>Describes a query.</summary>
    public static void DescribesQuery(this RouteHandlerBuilder endpoint, string name, string summary, Example answer, int[] problems)
    {
        endpoint.WithName(name).WithSummary(summary).Produces(200, answer.Type, Json);
        int[] all = [400, .. problems.Where(problem => problem != 503), 429, 500, 503, 504];
        endpoint.AddProblems(all);
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            AddAnswerExamples(operation, answer, 200, all);
            foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            {
                DescribeParameter(parameter);
            }

            return Task.CompletedTask;
        });
    }

    private static void AddProblems(this RouteHandlerBuilder endpoint, int[] statuses)
    {
        foreach (var status in statuses)
        {
            endpoint.Produces<Problem>(status, ProblemResult.ContentType);
        }
    }

    private static void AddCommandHeaders(OpenApiOperation operation, bool takesKey, bool takesVersion)
    {
        operation.Parameters ??= [];
        if (takesKey)
        {
            operation.Parameters.Add(HeaderParameter(
                IdempotencyKey.Header,
                "Sent again with the same key and body within 24 hours, the command has no second effect and gets the first answer.",
                "7f5b3f9e-0f0e-4c39-9d36-3f6b4c1de001"));
        }

        if (takesVersion)
        {
            operation.Parameters.Add(HeaderParameter("If-Match", "Carry the command out only on this version.", "\"1\""));
        }

        operation.Parameters.Add(HeaderParameter(CommandRunner.CorrelationHeader, "What the events of this command belong to; the trace id where it is left out.", "checkout-42"));
    }

    private static void AddAnswerExamples(OpenApiOperation operation, Example answer, int status, int[] problems)
    {
        if (operation.Responses?[$"{status}"].Content?[Json] is { } content)
        {
            content.Example = answer.ToJson();
        }

        foreach (var problem in problems)
        {
            if (operation.Responses?[$"{problem}"] is not OpenApiResponse response)
            {
                continue;
            }

            if (response.Content?[ProblemResult.ContentType] is { } body)
            {
                body.Example = Example.Of(Examples.ProblemOf(problem)).ToJson();
            }

            if (problem is 429 or 503 or 504)
            {
                response.Headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal) { ["Retry-After"] = Header("Seconds to wait.", "1") };
            }
        }
    }

    private static void DescribeParameter(OpenApiParameter parameter)
    {
        (string? Description, OpenApiSchema Schema, JsonNode? Example)? known = parameter.Name switch
        {
            "minVersion" => ("Wait, at most two seconds, until the read model has this version; 503 if it has not by then.",
                new() { Type = JsonSchemaType.Integer, Minimum = "1" }, 1),
            "limit" => ("Entries of the answer.", new() { Type = JsonSchemaType.Integer, Minimum = "1" }, 20),
            "cursor" => ("The nextCursor of an earlier page, with the same filters.", new() { Type = JsonSchemaType.String }, null),
            "status" => ("Only orders in this state.",
                new() { Type = JsonSchemaType.String, Enum = [.. Enum.GetValues<OrderStatus>().Select(status => (JsonNode)OrderRules.Name(status))] }, "pending"),
            "from" => ("Only orders placed at or after this day (UTC) or instant.", new() { Type = JsonSchemaType.String }, "2026-01-31"),
            "to" => ("Only orders placed before this day (UTC) or instant.", new() { Type = JsonSchemaType.String }, "2026-02-01T00:00:00Z"),
            "customerId" when parameter.In == ParameterLocation.Query => ("Only orders of this customer.",
                new() { Type = JsonSchemaType.String, Format = "uuid" }, "01970000-0000-7000-8000-000000000001"),
            _ => null,
        };
        if (known is var (description, schema, example))
        {
            (parameter.Description, parameter.Schema, parameter.Example) = (description, schema, example);
        }
    }

    // The JSON converters of money and instants hide from the generator what they write.
    private static Task DescribeScalarAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(decimal))
        {
            schema.Type = JsonSchemaType.Number;
        }
        else if (type == typeof(DateTimeOffset))
        {
            (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");
        }
        else if (type == typeof(OrderStatus) || type == typeof(CustomerTier))
        {
            schema.Type = JsonSchemaType.String;
        }

        return Task.CompletedTask;
    }

    private static OpenApiParameter HeaderParameter(string name, string description, string example) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = example,
    };

    private static OpenApiHeader Header(string description, string example) => new()
    {
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = example,
    };
}
