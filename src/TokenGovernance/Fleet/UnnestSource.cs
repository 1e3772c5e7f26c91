using System.Buffers.Binary;
using System.Globalization;
using System.Text;
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
        FleetType.Text => Of(NpgsqlDbType.Text, block.ValuesOf<string?>(column, Encoding.UTF8.GetString)),
        FleetType.Number => Of(NpgsqlDbType.Bigint, block.ValuesOf<long?>(column, bytes => BinaryPrimitives.ReadInt64BigEndian(bytes))),
        FleetType.Real => Of(NpgsqlDbType.Double, block.ValuesOf<double?>(column, bytes => BinaryPrimitives.ReadDoubleBigEndian(bytes))),
        FleetType.Flag => Of(NpgsqlDbType.Boolean, block.ValuesOf<bool?>(column, bytes => bytes[0] != 0)),
        FleetType.Time => Of(NpgsqlDbType.TimestampTz, block.ValuesOf<DateTime?>(column, bytes => RowBlock.ReadTime(bytes))),
        _ => Of(NpgsqlDbType.Bytea, block.ValuesOf<byte[]?>(column, bytes => bytes.ToArray())),
    };

    static NpgsqlParameter<T[]> Of<T>(NpgsqlDbType type, T[] values) => new() { NpgsqlDbType = NpgsqlDbType.Array | type, TypedValue = values };
}
