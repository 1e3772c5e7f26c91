using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace TokenGovernance.Domain;

/// <summary>Names a model response for good: the same wherever the entry is read (live file, fork, archive, database row).</summary>
/// <remarks>
///     16 bytes: the instant in ms (6 bytes, big-endian; 0 when unknown) and the first 10 bytes of a SHA-256. The entry's id is
///     hashed, since ids alone are unique in one file only; an entry without id or time is known by its raw JSON text, which
///     copies keep verbatim. The time comes first so that new events land side by side in the index, however long the history is.
/// </remarks>
readonly record struct EventKey(ulong High, ulong Low)
{
    public const int Size = 16;

    /// <summary>The instant that is part of it, in ms since 1970; NULL: there is none.</summary>
    public long? InstantMs => High >> 16 is > 0 and var ms ? (long)ms : null;

    const long MaxMs = (1L << 48) - 1;

    /// <summary>Kept from key to key: making one costs more than hashing a short text. Whatever fails on the way loses it, and what it had taken in.</summary>
    [ThreadStatic]
    static IncrementalHash? _sha256;

    /// <summary>Key of an entry that has an id and a time.</summary>
    public static EventKey FromEntry(string entryId, long ms)
    {
        var count = Encoding.UTF8.GetByteCount(entryId);
        Span<byte> text = count <= 256 ? stackalloc byte[count + 3] : new byte[count + 3];
        "id:"u8.CopyTo(text);
        Encoding.UTF8.GetBytes(entryId, text[3..]);

        return Combine(ms, text);
    }

    /// <summary>Key of a call in another runtime's file, where neither the line's time nor the file it is in tells a copy.</summary>
    /// <param name="identity">Runtime, turn and response, or whatever else every copy keeps.</param>
    /// <param name="turnMs">When its turn began, if its id says so.</param>
    public static EventKey FromCall(string identity, long? turnMs) =>
        Combine(turnMs ?? 0, Encoding.UTF8.GetBytes($"call:{identity}"));

    /// <summary>Key of what remains of a turn's account, this being the account's key, when calls of the turn are known.</summary>
    public EventKey OfRemainder()
    {
        Span<byte> text = stackalloc byte[5 + Size];
        "rest:"u8.CopyTo(text);
        WriteTo(text[5..]);

        return Combine((long)(High >> 16), text);
    }

    /// <summary>Key of an entry without id or without time.</summary>
    /// <param name="json">The JSON object as it was written, from brace to brace.</param>
    /// <param name="ms">Its instant, if it has one.</param>
    public static EventKey FromText(ReadOnlySpan<byte> json, long? ms)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(json, hash);

        return FromTextHash(hash, ms);
    }

    /// <summary>As <see cref="FromText" />, for text that was hashed in pieces.</summary>
    public static EventKey FromTextHash(ReadOnlySpan<byte> sha256, long? ms)
    {
        Span<byte> text = stackalloc byte[4 + SHA256.HashSizeInBytes];
        "raw:"u8.CopyTo(text);
        sha256.CopyTo(text[4..]);

        return Combine(ms ?? 0, text);
    }

    /// <summary>The key in 16 bytes.</summary>
    public static EventKey Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        WriteTo(bytes);

        return bytes;
    }

    public void WriteTo(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, High);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], Low);
    }

    /// <summary>The keys of an instant: from the first to before the second.</summary>
    public static (byte[] From, byte[] To) RangeOf(long? ms)
    {
        var (from, to) = (new byte[Size], new byte[Size]);
        new EventKey(TimeOf(ms) << 16, 0).WriteTo(from);
        new EventKey((TimeOf(ms) + 1) << 16, 0).WriteTo(to);

        return (from, to);
    }

    static ulong TimeOf(long? ms) => ms is > 0 and < MaxMs ? (ulong)ms.Value : 0;

    static EventKey Combine(long ms, ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var sha256 = _sha256 ?? IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _sha256 = null;
        sha256.AppendData(text);
        sha256.GetHashAndReset(hash);
        _sha256 = sha256;

        return new EventKey(
            (TimeOf(ms) << 16) | BinaryPrimitives.ReadUInt16BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[2..]));
    }
}
