using EventDriven.ProjectionWorker.Customers;
using EventDriven.ProjectionWorker.Orders;
using EventDriven.ProjectionWorker.Products;
using EventDriven.ServiceDefaults.Messaging;
using MySqlConnector;

namespace EventDriven.ProjectionWorker;

/// <summary>
/// Writes a batch of events into the read models. A batch costs a handful of statements, however many events it holds. The order customers, products, orders
/// is also the order of the locks, the same in every transaction.
/// </summary>
internal sealed class Projector : IEventHandler
{
    public async Task ApplyAsync(IReadOnlyList<IncomingEvent> events, MySqlTransaction transaction, CancellationToken cancellationToken)
    {
        await CustomersTable.ApplyAsync(events, transaction, cancellationToken);
        await ProductsTable.ApplyAsync(events, transaction, cancellationToken);
        await OrdersTable.ApplyAsync(events, transaction, cancellationToken);
    }
}
