using System.Buffers.Binary;

namespace TokenGovernance.Fleet;

/// <summary>What PostgreSQL's binary COPY wants before and behind the rows.</summary>
static class BinaryCopy
{
    /// <summary>Signature, no flags, no extension.</summary>
    static readonly byte[] Header = [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xff, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    static readonly byte[] Trailer = MakeTrailer();

    /// <summary>Writes a block of rows to what takes it.</summary>
    public static async Task WriteAsync(RowBlock block, Stream target, CancellationToken stop)
    {
        await target.WriteAsync(Header, stop);
        foreach (var piece in block.Pieces())
        {
            await target.WriteAsync(piece, stop);
        }

        await target.WriteAsync(Trailer, stop);
    }

    static byte[] MakeTrailer()
    {
        var trailer = new byte[sizeof(short)];
        BinaryPrimitives.WriteInt16BigEndian(trailer, -1);

        return trailer;
    }
}
