using Snappier;
using ZstdSharp;

namespace TokenGovernance.Export.Parquet;

/// <summary>Compresses pages, each by itself.</summary>
sealed class PageCompressor(ParquetCompression method) : IDisposable
{
    /// <summary>Level 1 takes a twentieth of the CPU less, and leaves a twentieth more bytes.</summary>
    const int Level = 3;

    readonly Compressor? _zstd = method is ParquetCompression.Zstd ? new Compressor(Level) : null;

    /// <summary>Writes the compressed form of a page.</summary>
    public void Write(ReadOnlySpan<byte> page, ByteBuffer target)
    {
        switch (method)
        {
            case ParquetCompression.Zstd:
                var room = Compressor.GetCompressBound(page.Length);
                target.GiveBack(room - _zstd!.Wrap(page, target.Take(room)));
                break;
            case ParquetCompression.Snappy:
                var space = Snappy.GetMaxCompressedLength(page.Length);
                target.GiveBack(space - Snappy.Compress(page, target.Take(space)));
                break;
            default:
                target.Write(page);
                break;
        }
    }

    public void Dispose() => _zstd?.Dispose();
}
