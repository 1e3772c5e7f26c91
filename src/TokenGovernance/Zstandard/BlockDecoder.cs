namespace TokenGovernance.Zstandard;

/// <summary>Decodes the blocks of a frame, one after the other (RFC 8878, 3.1.1.2 and 3.1.1.3).</summary>
/// <remarks>What blocks take over from the ones before lives here: the tables and the repeated offsets.</remarks>
sealed class BlockDecoder
{
    /// <summary>A prefix is often found in few sequences.</summary>
    const int PrefixBatch = 16;

    readonly Sequence[] _batch = new Sequence[128];
    readonly LiteralsSection _literals = new();
    readonly SequencesSection _sequences = new();
    RepeatedOffsets _repeated;

    public void BeginFrame()
    {
        _literals.BeginFrame();
        _sequences.BeginFrame();
        _repeated = RepeatedOffsets.AtFrameStart;
    }

    /// <summary>Decodes a block.</summary>
    /// <param name="at">Where the block lies, its header excluded: at <see cref="ZstdInput.Margin" /> or later.</param>
    /// <param name="output">
    ///     Is filled up to its limit at most. If it is for a prefix, it may be full before the block is at its end;
    ///     otherwise that is an error.
    /// </param>
    public void Decode(in ZstdInput input, int at, BlockHeader block, int maxBlockSize, ref BlockOutput output)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(at, ZstdInput.Margin);
        output.Verify();
        input.Require(at, block.StoredLength, input.Bytes.Length, "a block");

        switch (block.Kind)
        {
            case BlockKind.Raw:
                Append(input.Bytes.Slice(at, block.Length), ref output, input, at);
                break;
            case BlockKind.Rle:
                var count = output.Fit(block.Length, input, at);
                output.Buffer.Slice(output.Position, count).Fill(input[at]);
                output.Position += count;
                break;
            default:
                DecodeCompressed(input, at, at + block.Length, maxBlockSize, ref output);
                break;
        }
    }

    void DecodeCompressed(in ZstdInput input, int start, int end, int maxBlockSize, ref BlockOutput output)
    {
        var at = start;
        _literals.Read(input, ref at, end, maxBlockSize, wanted: output.IsPrefix ? output.Room : int.MaxValue);
        var used = 0;

        var count = _sequences.Read(input, ref at, end);
        if (count > 0)
        {
            var reader = new SequenceReader(input, at, end, count, _sequences, _repeated);
            var batch = output.IsPrefix ? _batch.AsSpan(0, PrefixBatch) : _batch;
            var literals = _literals.WithSlack;

            while (reader.Left > 0 && !output.IsComplete)
            {
                var read = reader.Read(batch);
                used = SequenceExecutor.Execute(batch[..read], literals, used, ref output, input, start);
            }

            _repeated = reader.Repeated;
        }

        if (!output.IsComplete) { Append(_literals.WithSlack[used.._literals.Count], ref output, input, start); }
    }

    static void Append(ReadOnlySpan<byte> bytes, ref BlockOutput output, in ZstdInput input, int at)
    {
        var count = output.Fit(bytes.Length, input, at);
        bytes[..count].CopyTo(output.Buffer[output.Position..]);
        output.Position += count;
    }
}
