using System.Text;

namespace TokenGovernance.Text;

/// <summary>Hands UTF-8 that is written to it on to a writer of text, without keeping it.</summary>
sealed class Utf8Text(TextWriter output) : Stream
{
    readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    readonly char[] _characters = new char[1 << 14];

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            _decoder.Convert(buffer, _characters, flush: false, out var bytes, out var characters, out _);
            output.Write(_characters, 0, characters);
            buffer = buffer[bytes..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Nothing is kept; whether <c>output</c> is flushed is its owner's business.</summary>
    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
