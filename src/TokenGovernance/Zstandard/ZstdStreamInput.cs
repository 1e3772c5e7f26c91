using System.Buffers.Binary;

namespace TokenGovernance.Zstandard;

/// <summary>The compressed bytes of a stream, of which a piece is held: one block with its headers, or more.</summary>
sealed class ZstdStreamInput(Stream source)
{
    readonly byte[] _buffer = new byte[ZstdInput.Margin + (256 * 1024)];
    int _end = ZstdInput.Margin;
    long _origin = -ZstdInput.Margin;

    /// <summary>Where in <see cref="Filled" /> the bytes lie that are next.</summary>
    public int Start { get; private set; } = ZstdInput.Margin;

    /// <summary>All that is held, with what was next before.</summary>
    public ZstdInput Filled => new(_buffer.AsSpan(0, _end), _origin);

    public byte this[int index] => Next[index];

    Span<byte> Next => _buffer.AsSpan(Start, _end - Start);

    public uint UInt32At(int index) => BinaryPrimitives.ReadUInt32LittleEndian(Next[index..]);

    public ZstdException Error(string reason) => Filled.Error(reason, Start);

    /// <summary>Sees to it that so many bytes are there; throws if the source ends before.</summary>
    public void Fill(int count, string what)
    {
        if (!TryFill(count)) { throw Error($"the input ends within {what}"); }
    }

    /// <summary>Sees to it that so many bytes are there, or returns false: the source has ended.</summary>
    public bool TryFill(int count)
    {
        if (count > _buffer.Length - Start) { MoveToFront(); }

        while (_end - Start < count)
        {
            var read = source.Read(_buffer, _end, _buffer.Length - _end);
            if (read <= 0) { return false; }

            _end += read;
        }

        return true;
    }

    /// <summary>Moves on by so many bytes; throws if the source ends before.</summary>
    public void Skip(long count, string what)
    {
        while (count > _end - Start)
        {
            count -= _end - Start;
            Start = _end;
            Fill(1, what);
        }

        Start += (int)count;
    }

    void MoveToFront()
    {
        var next = Next;
        next.CopyTo(_buffer.AsSpan(ZstdInput.Margin));
        _origin += Start - ZstdInput.Margin;
        _end = ZstdInput.Margin + next.Length;
        Start = ZstdInput.Margin;
    }
}
