namespace TokenGovernance.Serving.Mcp;

/// <summary>Reads lines of a bounded length; of a longer one only its end is looked for.</summary>
sealed class LineReader(Stream input)
{
    public const int MaxBytes = 1 << 20;

    readonly byte[] _buffer = new byte[16 * 1024];
    int _at, _filled;

    /// <summary>Returns the next line that is not blank; NULL at the end, where half a line is as good as none.</summary>
    public async Task<Line?> ReadAsync(CancellationToken stop)
    {
        using var line = new MemoryStream();
        var isTooLong = false;
        while (true)
        {
            if (_at == _filled)
            {
                (_at, _filled) = (0, await input.ReadAsync(_buffer, stop));
                if (_filled == 0)
                {
                    return null;
                }
            }

            var end = _buffer.AsSpan(_at, _filled - _at).IndexOf((byte)'\n');
            var count = end < 0 ? _filled - _at : end;
            isTooLong |= line.Length + count > MaxBytes;
            if (!isTooLong)
            {
                line.Write(_buffer, _at, count);
            }

            _at += end < 0 ? count : count + 1;
            if (end >= 0 && (isTooLong || !line.GetBuffer().AsSpan(0, (int)line.Length).Trim(" \t\r"u8).IsEmpty))
            {
                return new Line(line.ToArray(), isTooLong);
            }

            if (end >= 0)
            {
                line.SetLength(0);
            }
        }
    }
}

/// <summary>A line without its end.</summary>
readonly record struct Line(byte[] Bytes, bool IsTooLong);
