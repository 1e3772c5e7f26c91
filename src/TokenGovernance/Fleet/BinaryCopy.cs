using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace TokenGovernance.Fleet;

/// <summary>Rows as PostgreSQL's binary COPY takes them: length and bytes of each value, without a conversion through text.</summary>
sealed class BinaryCopy : IDisposable
{
    const int Header = 19, Least = 64 * 1024;

    static ReadOnlySpan<byte> Signature => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xff, (byte)'\r', (byte)'\n', 0];

    static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    byte[] _buffer = ArrayPool<byte>.Shared.Rent(Least);
    int _length;

    /// <summary>Writes a block of rows to what takes it.</summary>
    public async Task WriteAsync(RowBlock block, Stream target, CancellationToken stop)
    {
        var header = Take(Header);
        header.Clear();
        Signature.CopyTo(header);
        foreach (var row in block.Rows)
        {
            BinaryPrimitives.WriteInt16BigEndian(Take(2), (short)row.Length);
            foreach (var value in row)
            {
                Write(value);
            }

            if (_length >= Least)
            {
                await FlushAsync(target, stop);
            }
        }

        BinaryPrimitives.WriteInt16BigEndian(Take(2), -1);
        await FlushAsync(target, stop);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    void Write(object? value)
    {
        switch (value)
        {
            case null:
                BinaryPrimitives.WriteInt32BigEndian(Take(4), -1);
                break;
            case string text:
                var head = _length;
                Take(4);
                var room = Take(Encoding.UTF8.GetMaxByteCount(text.Length));
                var written = Encoding.UTF8.GetBytes(text, room);
                _length = head + 4 + written;
                BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(head), written);
                break;
            case long number:
                BinaryPrimitives.WriteInt32BigEndian(Take(4), 8);
                BinaryPrimitives.WriteInt64BigEndian(Take(8), number);
                break;
            case double number:
                BinaryPrimitives.WriteInt32BigEndian(Take(4), 8);
                BinaryPrimitives.WriteDoubleBigEndian(Take(8), number);
                break;
            case DateTime time:
                BinaryPrimitives.WriteInt32BigEndian(Take(4), 8);
                BinaryPrimitives.WriteInt64BigEndian(Take(8), (time - Epoch).Ticks / TimeSpan.TicksPerMicrosecond);
                break;
            case bool flag:
                BinaryPrimitives.WriteInt32BigEndian(Take(4), 1);
                Take(1)[0] = flag ? (byte)1 : (byte)0;
                break;
            case byte[] bytes:
                BinaryPrimitives.WriteInt32BigEndian(Take(4), bytes.Length);
                bytes.CopyTo(Take(bytes.Length));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(value), value, "no value of a column");
        }
    }

    Span<byte> Take(int count)
    {
        if (_buffer.Length - _length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + count));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var span = _buffer.AsSpan(_length, count);
        _length += count;

        return span;
    }

    async Task FlushAsync(Stream target, CancellationToken stop)
    {
        await target.WriteAsync(_buffer.AsMemory(0, _length), stop);
        _length = 0;
    }
}
