using System.Globalization;
using System.Text;
using MySqlConnector;

namespace EventDriven.ServiceDefaults.MariaDb;

/// <summary>Writes a command whose number of rows is known only when it runs: every value becomes a parameter. Several statements make one round trip.</summary>
public sealed class SqlBuilder
{
    private readonly StringBuilder _text = new();
    private readonly List<MySqlParameter> _parameters = [];

    /// <summary>Adds SQL text as it is.</summary>
    public SqlBuilder Sql(string text)
    {
        _text.Append(text);
        return this;
    }

    /// <summary>Adds one parameter.</summary>
    public SqlBuilder Value(object? value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"@p{_parameters.Count}");
        _text.Append(name);
        _parameters.Add(new MySqlParameter(name, value));
        return this;
    }

    /// <summary>Adds <c>(v, v), (v, v)</c>: a pair of parentheses for each item, a parameter for each of its values.</summary>
    public SqlBuilder Rows<T>(IEnumerable<T> items, Func<T, object?[]> values)
    {
        var separator = string.Empty;
        foreach (var item in items)
        {
            Sql(separator).Sql("(").List(values(item)).Sql(")");
            separator = ", ";
        }

        return this;
    }

    /// <summary>Adds <c>v, v, v</c>.</summary>
    public SqlBuilder List<T>(IEnumerable<T> values)
    {
        var separator = string.Empty;
        foreach (var value in values)
        {
            Sql(separator).Value(value);
            separator = ", ";
        }

        return this;
    }

    /// <summary>The command.</summary>
    public MySqlCommand ToCommand(MySqlConnection connection, MySqlTransaction? transaction = null)
    {
        var command = new MySqlCommand(_text.ToString(), connection, transaction);
        foreach (var parameter in _parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Runs it in <paramref name="transaction"/> and returns how many rows it touched.</summary>
    public async Task<int> ExecuteAsync(MySqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = ToCommand(transaction.Connection!, transaction);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
