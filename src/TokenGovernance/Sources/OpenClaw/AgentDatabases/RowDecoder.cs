using System.Text.Json;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.Json;
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

    /// <summary>Looks at a row's payload: exactly one of the two columns is set.</summary>
    /// <returns>False if the row cannot be understood. The entry is empty if it cannot matter.</returns>
    public bool TryRead(SqliteRows rows, int textColumn, int zstdColumn, out ReadOnlySpan<byte> entry)
    {
        entry = [];
        var hasText = textColumn >= 0 && rows.TypeOf(textColumn) is not CellType.Null;
        var hasFrame = zstdColumn >= 0 && rows.TypeOf(zstdColumn) is not CellType.Null;
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
            var frame = rows.GetBlob(zstdColumn);
            if (ZstdContext.ContentSizeOf(frame) is not > OneBlock || !IsOtherRole(_prefix.AsSpan(0, _zstd.DecompressPrefix(frame, _prefix))))
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

    /// <summary>True if an entry's first bytes show a message that is not the model's: the long tool results, mostly.</summary>
    static bool IsOtherRole(ReadOnlySpan<byte> prefix)
    {
        try
        {
            var reader = new Utf8JsonReader(prefix, isFinalBlock: false, new JsonReaderState(JsonText.Options));
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
            {
                return false;
            }

            var inMessage = false;
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var isMessage = !inMessage && JsonText.Is(ref reader, "message"u8);
                var isRole = inMessage && JsonText.Is(ref reader, "role"u8);
                if (!reader.Read())
                {
                    return false;
                }

                if (isRole)
                {
                    return reader.TokenType is JsonTokenType.String && !JsonText.Is(ref reader, "assistant"u8);
                }

                if (isMessage && reader.TokenType is JsonTokenType.StartObject)
                {
                    inMessage = true;
                }
                else if (!reader.TrySkip())
                {
                    return false;
                }
            }

            return false;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
