using TokenGovernance.Zstandard;

namespace TokenGovernance.Tests.Zstandard;

/// <summary>The ways to decode, as functions.</summary>
static class Decoding
{
    public static byte[] Decompress(byte[] source, int maxBytes = int.MaxValue)
    {
        byte[] destination = [];
        var count = new ZstdDecoder().Decompress(source, ref destination, maxBytes);

        return destination[..count];
    }

    public static byte[] Prefix(byte[] source, int length)
    {
        var destination = new byte[length];
        var count = new ZstdDecoder().DecompressPrefix(source, destination);

        return destination[..count];
    }

    public static byte[] Stream(byte[] source)
    {
        using var stream = new ZstdStream(new MemoryStream(source));
        using var output = new MemoryStream();
        stream.CopyTo(output);

        return output.ToArray();
    }
}
