namespace TokenGovernance.Zstandard;

/// <summary>Compares a decoded frame with the size and the checksum it comes with (RFC 8878, 3.1.1).</summary>
sealed class FrameCheck
{
    public const int ChecksumSize = 4;

    readonly XxHash64 _hash = new();
    FrameHeader _header;
    long _decoded;

    public void Begin(FrameHeader header)
    {
        _header = header;
        _decoded = 0;
        _hash.Reset();
    }

    public void Append(ReadOnlySpan<byte> block)
    {
        _decoded += block.Length;
        if (_header.HasChecksum) { _hash.Append(block); }
    }

    /// <summary>Throws unless the frame is as it says.</summary>
    /// <param name="at">Where its last block ended, and its checksum starts if it has one.</param>
    public void End(in ZstdInput input, int at)
    {
        if (_header.ContentSize is { } size && size != (ulong)_decoded)
        {
            throw input.Error($"a frame decodes to {_decoded} bytes but declares {size}", at);
        }

        if (!_header.HasChecksum) { return; }

        input.Require(at, ChecksumSize, input.Bytes.Length, "a checksum");
        if (input.UInt32At(at) != (uint)_hash.Digest())
        {
            throw input.Error("the checksum of a frame does not match its content", at);
        }
    }
}
