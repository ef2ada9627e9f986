using EventDriven.Contracts;
using EventDriven.OrderApi.Commands;
using EventDriven.OrderApi.Http;
using EventDriven.ServiceDefaults.Outbox;

namespace EventDriven.OrderApi.Customers;

/// <summary>Register and update.</summary>
internal static class CustomerCommands
{
    private static readonly Dictionary<string, CustomerTier> Tiers = new(StringComparer.Ordinal)
    {
        ["standard"] = CustomerTier.Standard,
        ["silver"] = CustomerTier.Silver,
        ["gold"] = CustomerTier.Gold,
    };

    public static CommandWork Register(RegisterCustomerRequest request, Validator validator)
    {
        var firstName = validator.Text(request.FirstName, "firstName", 100);
        var lastName = validator.Text(request.LastName, "lastName", 100);
        var email = validator.Email(request.Email, "email");
        var tier = validator.OneOf(request.Tier, "tier", Tiers);
        return async (tx, _, cancellation) =>
        {
            if (await EmailIsTakenAsync(tx, email, Guid.Empty, cancellation))
            {
                return CommandAnswer.Refused(EmailTaken);
            }

            var registered = new CustomerRegistered(NewId.At(tx.Now), firstName, lastName, email, tier, tx.Now);
            var customer = Customer.From(registered);
            tx.Write(
                """
                INSERT INTO customers (customer_id, first_name, last_name, email, tier, registered_at, updated_at, version)
                VALUES (@id, @first, @last, @email, @tier, @at, @at, @version)
                """,
                ("@id", customer.CustomerId), ("@first", firstName), ("@last", lastName), ("@email", email), ("@tier", NameOf(tier)),
                ("@at", tx.Now), ("@version", customer.Version));
            tx.Publish(registered, customer.Version);
            return CommandAnswer.Created(
                CustomerAnswer.Of(customer), OrderApiJson.Relaxed.CustomerAnswer, CustomerAnswer.Self(customer.CustomerId), customer.Version);
        };
    }

    public static CommandWork Update(Guid customerId, UpdateCustomerRequest request, Validator validator)
    {
        var firstName = request.FirstName is null ? null : validator.Text(request.FirstName, "firstName", 100);
        var lastName = request.LastName is null ? null : validator.Text(request.LastName, "lastName", 100);
        var email = request.Email is null ? null : validator.Email(request.Email, "email");
        var tier = request.Tier is null ? (CustomerTier?)null : validator.OneOf(request.Tier, "tier", Tiers);
        return async (tx, precondition, cancellation) =>
        {
            if (await LockAsync(tx, customerId, cancellation) is not { } customer)
            {
                return CommandAnswer.Refused(Problem.NotFound("customer", customerId));
            }

            if (precondition.Check(customer.Version) is { } mismatch)
            {
                return CommandAnswer.Refused(mismatch);
            }

            var updated = new CustomerUpdated(
                customerId, firstName ?? customer.FirstName, lastName ?? customer.LastName, email ?? customer.Email, tier ?? customer.Tier, tx.Now);
            if ((updated.FirstName, updated.LastName, updated.Email, updated.Tier)
                == (customer.FirstName, customer.LastName, customer.Email, customer.Tier))
            {
                return Done(customer);
            }

            if (await EmailIsTakenAsync(tx, updated.Email, customerId, cancellation))
            {
                return CommandAnswer.Refused(EmailTaken);
            }

            var changed = customer.Apply(updated);
            tx.Write(
                """
                UPDATE customers SET first_name = @first, last_name = @last, email = @email, tier = @tier, updated_at = @at, version = @version
                WHERE customer_id = @id
                """,
                ("@first", changed.FirstName), ("@last", changed.LastName), ("@email", changed.Email), ("@tier", NameOf(changed.Tier)),
                ("@at", changed.UpdatedAt), ("@version", changed.Version), ("@id", customerId));
            tx.Publish(updated, changed.Version);
            return Done(changed);
        };
    }

    /// <summary>What a client learns where two customers would share an address.</summary>
    internal static Problem EmailTaken =>
        Problem.Conflict("email-taken", "The e-mail address is taken", "Another customer has this e-mail address.");

    private static CommandAnswer Done(Customer customer) =>
        CommandAnswer.Done(CustomerAnswer.Of(customer), OrderApiJson.Relaxed.CustomerAnswer, customer.Version);

    private static async Task<Customer?> LockAsync(OutboxTransaction tx, Guid customerId, CancellationToken cancellationToken)
    {
        await using var reader = await tx.ReadAsync(cancellationToken, OutboxTransaction.Statement(
            "SELECT first_name, last_name, email, tier, registered_at, updated_at, version FROM customers WHERE customer_id = @id FOR UPDATE",
            ("@id", customerId)));
        return await reader.ReadAsync(cancellationToken)
            ? new(customerId, reader.GetString(0), reader.GetString(1), reader.GetString(2), Tiers[reader.GetString(3)],
                reader.GetInstant(4), reader.GetInstant(5), reader.GetInt32(6))
            : null;
    }

    private static async Task<bool> EmailIsTakenAsync(OutboxTransaction tx, string email, Guid except, CancellationToken cancellationToken)
    {
        await using var reader = await tx.ReadAsync(cancellationToken, OutboxTransaction.Statement(
            "SELECT 1 FROM customers WHERE email = @email AND customer_id <> @except", ("@email", email), ("@except", except)));
        return await reader.ReadAsync(cancellationToken);
    }

    private static string NameOf(CustomerTier tier) => Tiers.First(entry => entry.Value == tier).Key;
}
