using BenchmarkDotNet.Attributes;
using TokenGovernance.Benchmarks.Corpora;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Benchmarks.Parts;

/// <summary>Decoding compressed rows: whole, and only the block in which the message's role stands.</summary>
public class ZstdParts : IDisposable
{
    readonly ZstdDecoder _decoder = new();
    readonly byte[] _prefix = new byte[512];
    byte[] _output = new byte[128 * 1024];
    byte[] _frame = [];

    /// <summary>About the length of the row before compression.</summary>
    [Params(2_000, 10_000, 60_000, 500_000)]
    public int Bytes { get; set; }

    [GlobalCleanup]
    public void Dispose()
    {
        _decoder.Dispose();
        GC.SuppressFinalize(this);
    }

    [GlobalSetup]
    public void Compress()
    {
        using var frames = new FrameWriter(level: 1);
        _frame = frames.Compress(Samples.Line("toolResult", Bytes));
    }

    [Benchmark]
    public int DecodeAll() => _decoder.Decompress(_frame, ref _output, int.MaxValue / 2);

    [Benchmark]
    public int DecodeThePrefix() => _decoder.DecompressPrefix(_frame, _prefix);
}
