namespace TokenGovernance.Tests.Zstandard;

/// <summary>A Huffman code, its description and its encoder, made the slow and plain way.</summary>
/// <param name="weights">The weight of each symbol; 0 for those that do not occur.</param>
sealed class HuffmanModel(int[] weights)
{
    readonly (uint Code, int Bits)[] _codes = CodesOf(weights);

    public byte[] Symbols { get; } = [.. Enumerable.Range(0, weights.Length).Where(s => weights[s] > 0).Select(s => (byte)s)];

    /// <summary>The description that needs no further table: four bits a weight, the last weight left out.</summary>
    public byte[] Description
    {
        get
        {
            int[] stored = [.. weights[..^1], 0];
            var bytes = new byte[1 + (weights.Length / 2)];
            bytes[0] = (byte)(127 + weights.Length - 1);
            for (var i = 1; i < bytes.Length; i++) { bytes[i] = (byte)((stored[(2 * i) - 2] << 4) | stored[(2 * i) - 1]); }

            return bytes;
        }
    }

    /// <summary>A random code: a leaf is split in two until there are enough, or they are 11 deep.</summary>
    public static HuffmanModel Random(Random random, int leaves)
    {
        List<int> depths = [1, 1];
        for (var tries = 0; depths.Count < leaves && tries < 1000; tries++)
        {
            var i = random.Next(depths.Count);
            if (depths[i] == 11) { continue; }

            depths[i]++;
            depths.Add(depths[i]);
        }

        var max = depths.Max();
        var places = Enumerable.Range(0, 128).ToArray();
        random.Shuffle(places);
        var weights = new int[places.Take(depths.Count).Max() + 1];
        for (var i = 0; i < depths.Count; i++) { weights[places[i]] = max + 1 - depths[i]; }

        return new HuffmanModel(weights);
    }

    public byte[] Encode(IEnumerable<byte> literals)
    {
        var bits = new Bits();
        foreach (var literal in literals) { bits.Add(_codes[literal].Code, _codes[literal].Bits); }

        return bits.ToBytes();
    }

    public byte[] EncodeFour(byte[] literals)
    {
        var segment = (literals.Length + 3) / 4;

        return FrameBuilder.FourStreams([.. Enumerable.Range(0, 4).Select(i => Encode(literals.Skip(i * segment).Take(i < 3 ? segment : int.MaxValue)))]);
    }

    static (uint Code, int Bits)[] CodesOf(int[] weights)
    {
        var longest = System.Numerics.BitOperations.Log2((uint)weights.Sum(weight => (1 << weight) >> 1));
        var codes = new (uint Code, int Bits)[weights.Length];
        var next = 0u;

        foreach (var symbol in Enumerable.Range(0, weights.Length).Where(s => weights[s] > 0).OrderBy(s => weights[s]))
        {
            var bits = longest + 1 - weights[symbol];
            codes[symbol] = (next >> (longest - bits), bits);
            next += 1u << (longest - bits);
        }

        return codes;
    }
}
