using System.Buffers;
using System.Text.Json;

namespace TokenGovernance.Sources.Json;

/// <summary>Reads the members of one JSON object from a stream, one at a time, in the memory of the largest.</summary>
sealed class JsonMemberReader(Stream stream, int maxMember = JsonMemberReader.DefaultMaxMember) : IDisposable
{
    /// <summary>Nothing that is read this way has members of this size; where one has, the rest is given up.</summary>
    public const int DefaultMaxMember = 64 * 1024 * 1024;

    const int FirstBuffer = 64 * 1024;

    byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    JsonReaderState _state = new(JsonText.Options);
    int _start, _end, _valueStart, _valueLength;
    bool _isAtEnd, _isInside;

    /// <summary>The present member's name.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The present member's value; valid until the next call of <see cref="Next" />.</summary>
    public ReadOnlySpan<byte> Value => _buffer.AsSpan(_valueStart, _valueLength);

    /// <summary>Goes to the next member; false at the end of the object.</summary>
    /// <exception cref="JsonException">It is no object, or torn or broken here, or a member is too large.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public bool Next()
    {
        while (true)
        {
            switch (TryNext())
            {
                case Step.Member:
                    return true;
                case Step.End:
                    return false;
                case Step.NeedsMore when _isAtEnd:
                    throw new JsonException("the object has no end");
                default:
                    Fill();
                    break;
            }
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    Step TryNext()
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isAtEnd, _state);
        if (!_isInside)
        {
            if (!reader.Read())
            {
                return Step.NeedsMore;
            }

            if (reader.TokenType is not JsonTokenType.StartObject)
            {
                throw new JsonException("it is no object");
            }

            _isInside = true;
            Commit(reader);
            reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isAtEnd, _state);
        }

        if (!reader.Read())
        {
            return Step.NeedsMore;
        }

        if (reader.TokenType is JsonTokenType.EndObject)
        {
            return Step.End;
        }

        var name = JsonText.ReadText(ref reader);
        if (!reader.Read())
        {
            return Step.NeedsMore;
        }

        var start = (int)reader.TokenStartIndex;
        if (!reader.TrySkip())
        {
            return Step.NeedsMore;
        }

        (Name, _valueStart, _valueLength) = (name, _start + start, (int)reader.BytesConsumed - start);
        Commit(reader);

        return Step.Member;
    }

    void Commit(Utf8JsonReader reader)
    {
        _state = reader.CurrentState;
        _start += (int)reader.BytesConsumed;
    }

    void Fill()
    {
        var isFirst = _end == 0 && !_isInside;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= maxMember)
            {
                throw new JsonException($"a member is larger than {maxMember / (1024 * 1024)} MiB");
            }

            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var count = stream.ReadAtLeast(_buffer.AsSpan(_end), 1, throwOnEndOfStream: false);
        _isAtEnd = count == 0;
        _end += count;
        if (isFirst && _buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8))
        {
            _start = 3;
        }
    }

    enum Step
    {
        Member,
        End,
        NeedsMore,
    }
}
