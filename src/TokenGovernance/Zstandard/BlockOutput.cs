namespace TokenGovernance.Zstandard;

/// <summary>What the end of the room for a block means.</summary>
enum LimitKind
{
    BlockSize,
    ContentSize,
    MaxBytes,

    /// <summary>Not an error: decoding ends there.</summary>
    Prefix,
}

/// <summary>Where a block is decoded to, and how much of it may be written.</summary>
/// <param name="buffer">Holds the history before the block, and <see cref="Slack" /> bytes past the limit.</param>
/// <param name="position">Where the block begins.</param>
/// <param name="limit">Where it must end at the latest.</param>
ref struct BlockOutput(Span<byte> buffer, int position, int limit)
{
    /// <summary>Copies move whole vectors and may write this far, less one, past the limit.</summary>
    public const int Slack = 64;

    public Span<byte> Buffer { get; } = buffer;

    public int Limit { get; } = limit;

    public int Position { get; set; } = position;

    /// <summary>Where in the buffer the earliest byte lies that a match may reach.</summary>
    public required int HistoryStart { get; init; }

    public required int WindowSize { get; init; }

    public required LimitKind LimitKind { get; init; }

    public readonly bool IsPrefix => LimitKind == LimitKind.Prefix;

    /// <summary>Bytes of room that are left.</summary>
    public readonly int Room => Limit - Position;

    public readonly bool IsComplete => IsPrefix && Room == 0;

    /// <summary>Makes sure of the promise that copying relies on.</summary>
    public readonly void Verify()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(HistoryStart, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(Position, HistoryStart);
        ArgumentOutOfRangeException.ThrowIfLessThan(Limit, Position);
        ArgumentOutOfRangeException.ThrowIfLessThan(Buffer.Length - Slack, Limit);
    }

    /// <summary>Says how much of a run of bytes to write; throws if it does not fit.</summary>
    public readonly int Fit(int count, in ZstdInput input, int at)
    {
        if (count <= Room) { return count; }
        if (IsPrefix) { return Room; }

        throw input.Error(OverflowReason, at);
    }

    public readonly string OverflowReason => LimitKind switch
    {
        LimitKind.ContentSize => "a frame decodes to more bytes than it declares",
        LimitKind.MaxBytes => $"the output exceeds the limit of {Limit} bytes",
        _ => "a block decodes to more bytes than the frame's maximum block size",
    };
}
