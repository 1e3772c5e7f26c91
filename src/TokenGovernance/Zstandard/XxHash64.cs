using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TokenGovernance.Zstandard;

/// <summary>XXH64 with seed 0, of which a frame's checksum is the low half (RFC 8878, 3.1.1).</summary>
sealed class XxHash64
{
    const int Stripe = 32;
    const ulong Prime1 = 0x9E3779B185EBCA87;
    const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    const ulong Prime3 = 0x165667B19E3779F9;
    const ulong Prime4 = 0x85EBCA77C2B2AE63;
    const ulong Prime5 = 0x27D4EB2F165667C5;

    readonly byte[] _rest = new byte[Stripe];
    ulong _lane1, _lane2, _lane3, _lane4;
    long _length;

    public XxHash64() => Reset();

    int RestLength => (int)(_length % Stripe);

    public void Reset()
    {
        _length = 0;
        _lane1 = unchecked(Prime1 + Prime2);
        _lane2 = Prime2;
        _lane3 = 0;
        _lane4 = unchecked(0 - Prime1);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var kept = RestLength;
        _length += bytes.Length;

        if (kept > 0)
        {
            var taken = Math.Min(Stripe - kept, bytes.Length);
            bytes[..taken].CopyTo(_rest.AsSpan(kept));
            bytes = bytes[taken..];
            if (kept + taken < Stripe) { return; }

            AddStripes(_rest);
        }

        var whole = bytes.Length & -Stripe;
        AddStripes(bytes[..whole]);
        bytes[whole..].CopyTo(_rest);
    }

    public ulong Digest()
    {
        var hash = _length < Stripe ? Prime5 : MergeLanes();
        hash += (ulong)_length;

        var rest = _rest.AsSpan(0, RestLength);
        for (; rest.Length >= 8; rest = rest[8..])
        {
            hash ^= Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest));
            hash = (BitOperations.RotateLeft(hash, 27) * Prime1) + Prime4;
        }

        if (rest.Length >= 4)
        {
            hash ^= BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime1;
            hash = (BitOperations.RotateLeft(hash, 23) * Prime2) + Prime3;
            rest = rest[4..];
        }

        foreach (var value in rest)
        {
            hash ^= value * Prime5;
            hash = BitOperations.RotateLeft(hash, 11) * Prime1;
        }

        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;

        return hash ^ (hash >> 32);
    }

    ulong MergeLanes()
    {
        var hash = BitOperations.RotateLeft(_lane1, 1) + BitOperations.RotateLeft(_lane2, 7)
            + BitOperations.RotateLeft(_lane3, 12) + BitOperations.RotateLeft(_lane4, 18);

        hash = Merge(hash, _lane1);
        hash = Merge(hash, _lane2);
        hash = Merge(hash, _lane3);

        return Merge(hash, _lane4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void AddStripes(ReadOnlySpan<byte> stripes)
    {
        var (lane1, lane2, lane3, lane4) = (_lane1, _lane2, _lane3, _lane4);
        ref var origin = ref MemoryMarshal.GetReference(stripes);

        for (nint at = 0; at <= stripes.Length - Stripe; at += Stripe)
        {
            lane1 = Round(lane1, Memory.ReadUInt64(ref origin, at));
            lane2 = Round(lane2, Memory.ReadUInt64(ref origin, at + 8));
            lane3 = Round(lane3, Memory.ReadUInt64(ref origin, at + 16));
            lane4 = Round(lane4, Memory.ReadUInt64(ref origin, at + 24));
        }

        (_lane1, _lane2, _lane3, _lane4) = (lane1, lane2, lane3, lane4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Round(ulong lane, ulong value) =>
        BitOperations.RotateLeft(lane + (value * Prime2), 31) * Prime1;

    static ulong Merge(ulong hash, ulong lane) => ((hash ^ Round(0, lane)) * Prime1) + Prime4;
}
