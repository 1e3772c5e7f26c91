using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace TokenGovernance.Fleet;

/// <summary>Few rows as parameters of a statement, an array for each column: nothing is made in the database's catalogue.</summary>
static class UnnestSource
{
    /// <summary>The expression that gives the rows; its parameters come first.</summary>
    public static string Sql(IReadOnlyList<FleetColumn> columns) =>
        $"(SELECT * FROM unnest({string.Join(", ", columns.Select((column, i) => string.Create(CultureInfo.InvariantCulture, $"${i + 1}::{column.SqlType}[]")))}) AS t ({FleetColumns.List(columns)}))";

    /// <summary>Adds the parameters of it.</summary>
    public static void AddTo(NpgsqlParameterCollection parameters, RowBlock block)
    {
        for (var i = 0; i < block.Columns.Count; i++)
        {
            parameters.Add(Parameter(block, i));
        }
    }

    static NpgsqlParameter Parameter(RowBlock block, int column) => block.Columns[column].Type switch
    {
        FleetType.Text => Of(NpgsqlDbType.Text, block.Rows.ConvertAll(row => (string?)row[column])),
        FleetType.Number => Of(NpgsqlDbType.Bigint, block.Rows.ConvertAll(row => (long?)row[column])),
        FleetType.Real => Of(NpgsqlDbType.Double, block.Rows.ConvertAll(row => (double?)row[column])),
        FleetType.Flag => Of(NpgsqlDbType.Boolean, block.Rows.ConvertAll(row => (bool?)row[column])),
        FleetType.Time => Of(NpgsqlDbType.TimestampTz, block.Rows.ConvertAll(row => (DateTime?)row[column])),
        _ => Of(NpgsqlDbType.Bytea, block.Rows.ConvertAll(row => (byte[]?)row[column])),
    };

    static NpgsqlParameter<T[]> Of<T>(NpgsqlDbType type, List<T> values) => new NpgsqlParameter<T[]> { NpgsqlDbType = NpgsqlDbType.Array | type, TypedValue = [.. values] };
}
