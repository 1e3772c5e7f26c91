using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace TokenGovernance.Storage.Changes;

/// <summary>A place in the change feed of one store. Opaque to those who keep it, as text: <see cref="ToString" />.</summary>
/// <param name="Store">The store that it is of.</param>
/// <param name="EpochId">The epoch of the store in which it was made.</param>
/// <param name="EpochName">The name of that epoch.</param>
/// <param name="Seen">How far the store was when it was made: all that was told until then is not newer than this.</param>
/// <param name="Position">How far the follower has read.</param>
/// <param name="Within">How far the follower has read within the next change, where that concerns several events.</param>
sealed record ChangeToken(long Store, long EpochId, long EpochName, ChangePosition Seen, ChangePosition Position, ChangePosition Within)
{
    const byte Version = 1;
    const int Fields = 9, CheckSize = 4, Size = 1 + (Fields * sizeof(long)) + CheckSize;

    /// <summary>Reads the text of a token.</summary>
    /// <returns>False if it is none, or of another version of the program.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ChangeToken? token)
    {
        token = null;
        Span<byte> bytes = stackalloc byte[Size];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var length) is not OperationStatus.Done || length != Size || bytes[0] != Version
            || !bytes[^CheckSize..].SequenceEqual(CheckOf(bytes[..^CheckSize])))
        {
            return false;
        }

        Span<long> fields = stackalloc long[Fields];
        for (var i = 0; i < Fields; i++)
        {
            fields[i] = BinaryPrimitives.ReadInt64BigEndian(bytes[(1 + (i * sizeof(long)))..]);
        }

        token = new ChangeToken(
            fields[0], fields[1], fields[2], new ChangePosition(fields[3], fields[4]), new ChangePosition(fields[5], fields[6]),
            new ChangePosition(fields[7], fields[8]));

        return true;
    }

    /// <summary>The token as text of letters, digits, `-` and `_`.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes[0] = Version;
        ReadOnlySpan<long> fields = [Store, EpochId, EpochName, Seen.EventId, Seen.Change, Position.EventId, Position.Change, Within.EventId, Within.Change];
        for (var i = 0; i < Fields; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes[(1 + (i * sizeof(long)))..], fields[i]);
        }

        CheckOf(bytes[..^CheckSize]).CopyTo(bytes[^CheckSize..]);

        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Tells a token that was cut or mistyped.</summary>
    static byte[] CheckOf(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes)[..CheckSize];
}

/// <summary>A place in the order in which the store grew and changed.</summary>
/// <param name="EventId">The last event.</param>
/// <param name="Change">The last row of `event_changes`.</param>
readonly record struct ChangePosition(long EventId, long Change)
{
    public bool IsBeyond(ChangePosition other) => EventId > other.EventId || Change > other.Change;
}
