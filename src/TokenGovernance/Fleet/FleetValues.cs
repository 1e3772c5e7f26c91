using System.Text;
using TokenGovernance.Domain;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Fleet;

/// <summary>Values of the store as PostgreSQL takes them.</summary>
static class FleetValues
{
    /// <summary>A value of an event.</summary>
    public static object? Of(FleetColumn column, object? value) => value switch
    {
        long ms when column.Type is FleetType.Time => TimeOf(ms),
        string text => Clean(text),
        _ => value,
    };

    /// <summary>A cell of another table.</summary>
    public static object? Of(FleetColumn column, Cell cell) => (cell.Kind, column.Type) switch
    {
        (CellKind.Integer, FleetType.Real) => (double)cell.Integer,
        (CellKind.Integer, _) => cell.Integer,
        (CellKind.Real, FleetType.Number) => (long)cell.Real,
        (CellKind.Real, _) => cell.Real,
        (CellKind.Text, FleetType.Time) => UtcTime.TryParse(Encoding.UTF8.GetString(cell.Bytes), out var ms) ? TimeOf(ms) : null,
        (CellKind.Text, _) => Clean(Encoding.UTF8.GetString(cell.Bytes)),
        (CellKind.Blob, _) => cell.Bytes.ToArray(),
        _ => null,
    };

    /// <summary>NULL for what is no time of the years 1 to 9999.</summary>
    public static DateTime? TimeOf(long ms) => UtcTime.IsValid(ms) ? DateTime.UnixEpoch.AddMilliseconds(ms) : null;

    /// <summary>PostgreSQL's text holds any character but one.</summary>
    static string Clean(string text) => text.Contains('\0', StringComparison.Ordinal) ? text.Replace('\0', '\uFFFD') : text;
}
