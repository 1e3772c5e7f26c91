namespace TokenGovernance.Tests.Zstandard;

/// <summary>Executes sequences one byte at a time, with the list of repeated offsets as the specification tells it.</summary>
sealed class SequenceModel
{
    readonly List<int> _repeated = [1, 4, 8];

    public List<byte> Output { get; } = [];

    public int First => _repeated[0];

    public void Append(byte[] bytes, FrameBuilder? frame = null)
    {
        Output.AddRange(bytes);
        frame?.Raw(bytes);
    }

    /// <param name="offsetValue">1 to 3 for a repeated offset, otherwise the offset and 3.</param>
    public void Execute(byte[] literals, int offsetValue, int matchLength)
    {
        Output.AddRange(literals);
        var offset = Choose(offsetValue, hasLiterals: literals.Length > 0);

        for (var i = 0; i < matchLength; i++) { Output.Add(Output[^offset]); }
    }

    int Choose(int value, bool hasLiterals)
    {
        var which = value <= 3 ? value - (hasLiterals ? 1 : 0) : 4;
        var offset = which switch { < 3 => _repeated[which], 3 => _repeated[0] - 1, _ => value - 3 };
        if (which < 3) { _repeated.RemoveAt(which); }

        _repeated.Insert(0, offset);
        if (_repeated.Count > 3) { _repeated.RemoveAt(3); }

        return offset;
    }
}
