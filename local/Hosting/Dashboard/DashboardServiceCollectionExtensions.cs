using Aspire.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace EventDriven.LocalHosting.Dashboard;

internal static class DashboardServiceCollectionExtensions
{
    public static void AddDashboard(this IServiceCollection services, IDistributedApplicationBuilder builder)
    {
    }
}
