using System.Runtime.InteropServices;
using CsvHelper;
using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Faults;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage;

namespace TokenGovernance.Export;

/// <summary>Writes the store's tables as CSV files for spreadsheets and Power BI: streamed, and replaced only when complete.</summary>
sealed class CsvExport
{
    const int BufferSize = 1 << 16;

    /// <summary>The tables that are exported, each into `&lt;table&gt;.csv`.</summary>
    public static readonly IReadOnlyList<string> Tables = ["usage_events", "provider_usage_snapshots"];

    /// <summary>Starts each file with a byte order mark, by which Excel recognises UTF-8.</summary>
    public bool WithByteOrderMark { get; init; }

    /// <summary>Writes text as it is, also what a spreadsheet would run as a formula.</summary>
    public bool IsRaw { get; init; }

    // RFC 4180 wants CRLF. Only text is ever escaped; numbers are written as numbers.
    CsvWriterOptions Options => new() { NewLine = "\r\n", Injection = IsRaw ? CsvInjection.None : CsvInjection.Escape };

    /// <summary>Writes every table that is in a folder's worth of files.</summary>
    /// <param name="store">The store; both files show the same moment of it.</param>
    /// <param name="folder">Where to; made if it is missing.</param>
    /// <param name="range">Which rows.</param>
    /// <returns>The files written and how many rows each has.</returns>
    /// <exception cref="UserFacingException">A file could not be written; the earlier one of that name stands.</exception>
    public IReadOnlyList<(string Path, long Rows)> Write(UsageStore store, string folder, TimeRange range)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var snapshot = store.BeginSnapshot();

            return [.. Tables.Select(table => WriteTable(store, table, Path.Combine(folder, $"{table}.csv"), range))];
        }
        catch (SqliteException e)
        {
            throw store.Explain(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFacingException($"The export into {folder} failed: {e.Message}", e);
        }
    }

    (string Path, long Rows) WriteTable(UsageStore store, string table, string path, TimeRange range)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            long rows;
            using (var file = new FileStream(temporary, OwnerOnly()))
            {
                if (WithByteOrderMark)
                {
                    file.Write("\uFEFF"u8);
                }

                using var csv = CsvWriter.Create(file, Options, leaveOpen: true);
                rows = WriteRows(store, table, csv, range);
                csv.Flush();
                file.Flush(flushToDisk: true);
            }

            FailPoint.Reach(FailPoint.ExportBeforeRename);
            File.Move(temporary, path, overwrite: true);

            return (path, rows);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    static long WriteRows(UsageStore store, string table, CsvWriter csv, TimeRange range)
    {
        using var rows = store.ReadTable(table, range);
        foreach (var column in rows.Columns)
        {
            csv.WriteField(column);
        }

        csv.EndRecord();
        var count = 0L;
        while (rows.Next())
        {
            for (var column = 0; column < rows.Columns.Count; column++)
            {
                WriteCell(csv, rows, column);
            }

            csv.EndRecord();
            count++;
        }

        return count;
    }

    static void WriteCell(CsvWriter csv, SqliteRows rows, int column)
    {
        switch (rows.TypeOf(column))
        {
            case CellType.Integer:
                csv.WriteField(rows.GetInteger(column), default);
                break;
            case CellType.Real:
                csv.WriteField(rows.GetReal(column), default);
                break;
            case CellType.Text:
                csv.WriteField(rows.GetText(column));
                break;
            case CellType.Blob:
                csv.WriteField(Convert.ToHexStringLower(rows.GetBlob(column)));
                break;
            default:
                csv.WriteField(ReadOnlySpan<byte>.Empty);
                break;
        }
    }

    static FileStreamOptions OwnerOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = BufferSize };
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
