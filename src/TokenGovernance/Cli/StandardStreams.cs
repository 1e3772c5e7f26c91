using System.Text;

namespace TokenGovernance.Cli;

/// <summary>Standard output and standard error, in UTF-8 on every system, and what happens when they cannot be written.</summary>
/// <remarks>
///     A pipe that its reader closed swallows the rest (.NET does that). Anything else that fails ends the verb if it was for standard
///     output, and is nobody's loss if it was for standard error.
/// </remarks>
static class StandardStreams
{
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>From now on `Console.Out` and `Console.Error` behave like that.</summary>
    public static void Guard()
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                Console.OutputEncoding = Utf8;
            }
            catch (IOException)
            {
                // There is no console: what is redirected is UTF-8 anyway.
            }
        }

        Console.SetOut(Writer(new GuardedStream(Console.OpenStandardOutput, failsSilently: false)));
        Console.SetError(Writer(new GuardedStream(Console.OpenStandardError, failsSilently: true)));
    }

    static StreamWriter Writer(Stream stream) => new(stream, Utf8, bufferSize: 4096) { AutoFlush = true };

    sealed class GuardedStream(Func<Stream> open, bool failsSilently) : Stream
    {
        Stream? _inner;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            try
            {
                _inner ??= open();
                _inner.Write(buffer);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (!failsSilently)
                {
                    throw new OutputException(e);
                }
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

/// <summary>Standard output cannot be written: the result is lost. No <see cref="IOException" />, lest a file of ours be blamed.</summary>
sealed class OutputException(Exception cause) : Exception($"standard output cannot be written: {cause.Message}", cause);
