using EventDriven.OrderApi.Customers;
using EventDriven.OrderApi.Products;
using EventDriven.ServiceDefaults.MariaDb;
using Microsoft.AspNetCore.Diagnostics;
using MySqlConnector;

namespace EventDriven.OrderApi.Http;

/// <summary>Turns what no handler answered into a problem: exceptions, unknown routes, wrong methods.</summary>
internal sealed class ProblemAnswers(ILogger<ProblemAnswers> logger) : IExceptionHandler
{
    /// <summary>Gives an answer without a body the problem of its status.</summary>
    public static Task ForStatusAsync(StatusCodeContext context) =>
        new ProblemResult(Problem.OfStatus(context.HttpContext.Response.StatusCode)).ExecuteAsync(context.HttpContext);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            BadHttpRequestException { StatusCode: 413 } => Problem.TooLarge(RequestLimits.LargestBody),
            BadHttpRequestException bad => Problem.OfStatus(bad.StatusCode) with { Detail = bad.Message },
            // Two requests that took the same free name at the same moment: the unique index lets one through.
            MySqlException { ErrorCode: MySqlErrorCode.DuplicateKeyEntry } taken when taken.Message.Contains("uk_products_sku", StringComparison.Ordinal) =>
                ProductCommands.SkuTaken,
            MySqlException { ErrorCode: MySqlErrorCode.DuplicateKeyEntry } taken when taken.Message.Contains("uk_customers_email", StringComparison.Ordinal) =>
                CustomerCommands.EmailTaken,
            MySqlException database when IsUnavailable(database) => Problem.Unavailable(),
            _ => Problem.Unexpected(),
        };
        if (problem.Status == 503)
        {
            logger.DatabaseUnavailable(exception.Message);
        }
        else if (problem.Status >= 500)
        {
            logger.Unexpected(exception, httpContext.Request.Method, httpContext.Request.Path);
        }

        await new ProblemResult(problem).ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>Whether the server did not answer, or only could not do it now: an error without SQL state comes from the client side of the connection.</summary>
    internal static bool IsUnavailable(MySqlException exception) =>
        exception.SqlState is null || exception.IsTransient || TransactionRetry.IsTransient(exception)
        || exception.ErrorCode is MySqlErrorCode.ServerShutdown or MySqlErrorCode.QueryInterrupted or MySqlErrorCode.TooManyUserConnections;
}
