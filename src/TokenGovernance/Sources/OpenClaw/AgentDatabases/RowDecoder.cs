using TokenGovernance.Sources.Files;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>Turns a row of `transcript_events` into the JSON of its entry: plain text, or one zstd frame of it.</summary>
/// <remarks>Not thread-safe; buffers are reused from row to row.</remarks>
sealed class RowDecoder : IDisposable
{
    /// <summary>OpenClaw compresses entries of up to 4 MiB; this leaves room for its successors and bounds hostile ones.</summary>
    const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>A frame with less content is one block, which is decoded whole in any case.</summary>
    const ulong OneBlock = 128 * 1024;

    readonly ZstdDecoder _zstd = new();
    readonly byte[] _prefix = new byte[512];
    byte[] _buffer = [];

    /// <summary>Looks at a row's payload: exactly one of the columns `event_json` and `event_zstd` is set.</summary>
    /// <param name="rows">The rows, at this one.</param>
    /// <param name="column">Where `event_json` is; behind it come `event_zstd` and `navigation_json`.</param>
    /// <param name="entry">The entry; empty if it cannot matter.</param>
    /// <returns>False if the row cannot be understood.</returns>
    public bool TryRead(SqliteRows rows, int column, out ReadOnlySpan<byte> entry)
    {
        entry = [];
        var (textColumn, zstdColumn, navigationColumn) = (column, column + 1, column + 2);
        var hasText = rows.TypeOf(textColumn) is not CellType.Null;
        var hasFrame = rows.TypeOf(zstdColumn) is not CellType.Null;
        if (hasText == hasFrame)
        {
            return false;
        }

        if (hasText)
        {
            entry = rows.GetText(textColumn);

            return true;
        }

        try
        {
            if (OtherRole.IsInNavigation(rows.GetText(navigationColumn)))
            {
                return true;
            }

            var frame = rows.GetBlob(zstdColumn);
            if (ZstdContext.ContentSizeOf(frame) is not > OneBlock || !OtherRole.IsInPrefix(_prefix.AsSpan(0, _zstd.DecompressPrefix(frame, _prefix))))
            {
                // In two steps: decoding may put a larger buffer in the place of this one.
                var length = _zstd.Decompress(frame, ref _buffer, MaxBytes);
                entry = _buffer.AsSpan(0, length);
            }

            return true;
        }
        catch (ZstdException)
        {
            return false;
        }
    }

    public void Dispose() => _zstd.Dispose();
}
