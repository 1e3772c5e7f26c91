using CsvHelper;
using TokenGovernance.Domain;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Export;

/// <summary>Writes the store's tables as CSV files for spreadsheets and Power BI: streamed, and replaced only when complete.</summary>
sealed class CsvExport
{
    /// <summary>The tables that are exported, each into `&lt;table&gt;.csv`.</summary>
    public static readonly IReadOnlyList<string> Tables = ["usage_events", "provider_usage_snapshots"];

    /// <summary>Starts each file with a byte order mark, by which Excel recognises UTF-8.</summary>
    public bool WithByteOrderMark { get; init; }

    /// <summary>Writes text as it is, also what a spreadsheet would run as a formula.</summary>
    public bool IsRaw { get; init; }

    // RFC 4180 wants CRLF. Only text is ever escaped; numbers are written as numbers.
    CsvWriterOptions Options => new() { NewLine = "\r\n", Injection = IsRaw ? CsvInjection.None : CsvInjection.Escape };

    /// <summary>Writes every table into a file of a folder.</summary>
    /// <param name="store">The store; both files show the same moment of it.</param>
    /// <param name="folder">Where to; made if it is missing.</param>
    /// <param name="range">Which rows.</param>
    /// <returns>The files written and how many rows each has.</returns>
    /// <exception cref="UserFacingException">A file could not be written; the earlier one of that name stands.</exception>
    public IReadOnlyList<(string Path, long Rows)> Write(IStore store, string folder, TimeRange range)
    {
        var files = new List<TemporaryFile>();
        try
        {
            var rows = store.Read(reader => WriteAll(reader, folder, files, range));
            files.ForEach(file => file.Keep());

            return [.. files.Zip(rows, (file, count) => (file.Target, count))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(folder, e);
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }

    List<long> WriteAll(IStoreReader store, string folder, List<TemporaryFile> files, TimeRange range)
    {
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var table in Tables.Skip(files.Count))
            {
                files.Add(TemporaryFile.For(Path.Combine(folder, $"{table}.csv")));
            }

            return [.. Tables.Zip(files, (table, file) => WriteTable(store, table, file.Stream, range))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(folder, e);
        }
    }

    long WriteTable(IStoreReader store, string table, FileStream file, TimeRange range)
    {
        file.SetLength(0);
        if (WithByteOrderMark)
        {
            file.Write("\uFEFF"u8);
        }

        using var csv = CsvWriter.Create(file, Options, leaveOpen: true);
        var count = WriteRows(store, table, csv, range);
        csv.Flush();

        return count;
    }

    static long WriteRows(IStoreReader store, string table, CsvWriter csv, TimeRange range)
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
                WriteCell(csv, rows[column]);
            }

            csv.EndRecord();
            count++;
        }

        return count;
    }

    static void WriteCell(CsvWriter csv, Cell cell)
    {
        switch (cell.Kind)
        {
            case CellKind.Integer:
                csv.WriteField(cell.Integer, default);
                break;
            case CellKind.Real:
                csv.WriteField(cell.Real, default);
                break;
            case CellKind.Text:
                csv.WriteField(cell.Bytes);
                break;
            case CellKind.Blob:
                csv.WriteField(Convert.ToHexStringLower(cell.Bytes));
                break;
            default:
                csv.WriteField(ReadOnlySpan<byte>.Empty);
                break;
        }
    }

    static UserFacingException Failed(string folder, Exception error) => new($"The export into {folder} failed: {error.Message}", error);
}
