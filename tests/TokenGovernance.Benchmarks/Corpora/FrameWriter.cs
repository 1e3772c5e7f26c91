using ZstdSharp;
using ZstdSharp.Unsafe;

namespace TokenGovernance.Benchmarks.Corpora;

/// <summary>Compresses as OpenClaw does: one frame with its size and a checksum.</summary>
sealed class FrameWriter : IDisposable
{
    readonly Compressor _compressor;

    public FrameWriter(int level)
    {
        _compressor = new Compressor(level);
        _compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
    }

    public byte[] Compress(ReadOnlySpan<byte> content) => _compressor.Wrap(content).ToArray();

    public void Dispose() => _compressor.Dispose();
}
