namespace TokenGovernance.Tests.Zstandard;

/// <summary>Makes a bitstream of the kind that is read from its end: first what is to be read first.</summary>
sealed class Bits
{
    readonly List<bool> _bits = [];

    public Bits Add(uint value, int count)
    {
        for (var bit = count - 1; bit >= 0; bit--) { _bits.Add(((value >> bit) & 1) != 0); }

        return this;
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[(_bits.Count / 8) + 1];
        bytes[^1] = (byte)(1 << (_bits.Count % 8));

        for (var i = 0; i < _bits.Count; i++)
        {
            var place = _bits.Count - 1 - i;
            if (_bits[i]) { bytes[place / 8] |= (byte)(1 << (place % 8)); }
        }

        return bytes;
    }
}
