using System.Text.RegularExpressions;
using EventDriven.Contracts;
using EventDriven.OrderApi.Commands;
using EventDriven.OrderApi.Http;
using EventDriven.ServiceDefaults.Outbox;

namespace EventDriven.OrderApi.Products;

/// <summary>List, change, adjust stock.</summary>
internal static partial class ProductCommands
{
    private const decimal HighestPrice = 1_000_000m;
    private const int LargestDelta = 1_000_000;

    public static CommandWork List(ListProductRequest request, Validator validator)
    {
        var sku = Sku(request.Sku, validator);
        var name = validator.Text(request.Name, "name", 200);
        var price = validator.Money(request.Price, "price", 0.01m, HighestPrice);
        var stock = validator.Whole(request.StockQuantity, "stockQuantity", 0, Product.MostStock);
        return async (tx, _, cancellation) =>
        {
            if (await SkuIsTakenAsync(tx, sku, Guid.Empty, cancellation))
            {
                return CommandAnswer.Refused(SkuTaken);
            }

            var listed = new ProductListed(NewId.At(tx.Now), sku, name, price, stock, tx.Now);
            var product = Product.From(listed);
            ProductTable.Insert(tx, product);
            tx.Publish(listed, product.Version);
            return CommandAnswer.Created(
                ProductAnswer.Of(product), OrderApiJson.Relaxed.ProductAnswer, ProductAnswer.Self(product.ProductId), product.Version);
        };
    }

    public static CommandWork Update(Guid productId, UpdateProductRequest request, Validator validator)
    {
        var sku = request.Sku is null ? null : Sku(request.Sku, validator);
        var name = request.Name is null ? null : validator.Text(request.Name, "name", 200);
        var price = request.Price is null ? (decimal?)null : validator.Money(request.Price, "price", 0.01m, HighestPrice);
        return OnProduct(productId, async (tx, product, cancellation) =>
        {
            var updated = new ProductUpdated(productId, sku ?? product.Sku, name ?? product.Name, price ?? product.Price, tx.Now);
            if ((updated.Sku, updated.Name, updated.Price) == (product.Sku, product.Name, product.Price))
            {
                return Done(product);
            }

            if (await SkuIsTakenAsync(tx, updated.Sku, productId, cancellation))
            {
                return CommandAnswer.Refused(SkuTaken);
            }

            var changed = product.Apply(updated);
            ProductTable.Update(tx, changed);
            tx.Publish(updated, changed.Version);
            return Done(changed);
        });
    }

    public static CommandWork AdjustStock(Guid productId, StockAdjustmentRequest request, Validator validator)
    {
        var delta = validator.Whole(request.Delta, "delta", -LargestDelta, LargestDelta);
        var reason = validator.Text(request.Reason, "reason", 100);
        if (request.Delta == 0)
        {
            validator.Add("delta", "must not be 0");
        }

        return OnProduct(productId, (tx, product, _) =>
        {
            if (product.StockQuantity + delta < 0)
            {
                return Task.FromResult(CommandAnswer.Refused(Problem.OutOfStock([new(productId, -delta, product.StockQuantity)])));
            }

            if (product.StockQuantity + (long)delta > Product.MostStock)
            {
                return Task.FromResult(CommandAnswer.Refused(Problem.Conflict(
                    "too-much-stock", "The stock would be too large", $"A product has at most {Product.MostStock} pieces.")));
            }

            var adjusted = new StockAdjusted(productId, delta, product.StockQuantity + delta, reason, OrderId: null, tx.Now);
            ProductTable.Adjust(tx, product, adjusted);
            return Task.FromResult(Done(product.Apply(adjusted)));
        });
    }

    /// <summary>What a client learns where two products would share a SKU.</summary>
    internal static Problem SkuTaken => Problem.Conflict("sku-taken", "The SKU is taken", "Another product has this SKU.");

    private static CommandWork OnProduct(Guid productId, Func<OutboxTransaction, Product, CancellationToken, Task<CommandAnswer>> work) =>
        async (tx, precondition, cancellation) =>
        {
            Product? product;
            await using (var reader = await tx.ReadAsync(cancellation, ProductTable.Lock([productId])))
            {
                product = (await ProductTable.ReadAsync(reader, cancellation)).GetValueOrDefault(productId);
            }

            if (product is null)
            {
                return CommandAnswer.Refused(Problem.NotFound("product", productId));
            }

            return precondition.Check(product.Version) is { } mismatch ? CommandAnswer.Refused(mismatch) : await work(tx, product, cancellation);
        };

    private static async Task<bool> SkuIsTakenAsync(OutboxTransaction tx, string sku, Guid except, CancellationToken cancellationToken)
    {
        await using var reader = await tx.ReadAsync(cancellationToken, OutboxTransaction.Statement(
            "SELECT 1 FROM products WHERE sku = @sku AND product_id <> @except", ("@sku", sku), ("@except", except)));
        return await reader.ReadAsync(cancellationToken);
    }

    private static CommandAnswer Done(Product product) =>
        CommandAnswer.Done(ProductAnswer.Of(product), OrderApiJson.Relaxed.ProductAnswer, product.Version);

    private static string Sku(string? sku, Validator validator) =>
        validator.Matching(sku, "sku", 64, SkuPattern(), "letters, digits, dots, hyphens and underscores");

    [GeneratedRegex("^[A-Za-z0-9._-]+$", RegexOptions.None, 1000)]
    private static partial Regex SkuPattern();
}
