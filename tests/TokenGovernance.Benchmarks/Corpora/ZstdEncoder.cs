using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace TokenGovernance.Benchmarks.Corpora;

/// <summary>Compresses with the system's libzstd; without one, writes frames of raw blocks, which are valid but no smaller.</summary>
sealed unsafe partial class ZstdEncoder : IDisposable
{
    const int LevelParameter = 100;
    const int ChecksumParameter = 201;
    const int MaxBlock = 128 * 1024;

    static readonly string[] LibraryNames = ["libzstd.so.1", "libzstd.1.dylib", "libzstd.dll"];

    readonly nint _context;

    static ZstdEncoder() => NativeLibrary.SetDllImportResolver(
        typeof(ZstdEncoder).Assembly,
        (name, assembly, search) => name is Library
            ? LibraryNames.Select(file => NativeLibrary.TryLoad(file, out var handle) ? handle : 0).FirstOrDefault(handle => handle != 0)
            : 0);

    public ZstdEncoder()
    {
        try
        {
            _context = CreateContext();
        }
        catch (DllNotFoundException)
        {
            _context = 0;
        }
    }

    /// <summary>False if there is no libzstd: what is written then is not compressed.</summary>
    public bool IsReal => _context != 0;

    /// <summary>Returns one frame with a checksum.</summary>
    public byte[] Compress(ReadOnlySpan<byte> content, int level)
    {
        if (!IsReal)
        {
            return RawFrame(content);
        }

        SetParameter(_context, LevelParameter, level);
        SetParameter(_context, ChecksumParameter, 1);
        var frame = new byte[Bound((nuint)content.Length)];
        nuint length;
        fixed (byte* from = content, to = frame)
        {
            length = Compress(_context, to, (nuint)frame.Length, from, (nuint)content.Length);
        }

        return length <= (nuint)frame.Length ? frame[..(int)length] : throw new InvalidOperationException("libzstd failed");
    }

    public void Dispose()
    {
        if (IsReal)
        {
            _ = FreeContext(_context);
        }
    }

    static byte[] RawFrame(ReadOnlySpan<byte> content)
    {
        using var frame = new MemoryStream();
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xFD2FB528);
        header[4] = 0xE0; // one segment, its size in 8 bytes
        BinaryPrimitives.WriteInt64LittleEndian(header[5..], content.Length);
        frame.Write(header);
        do
        {
            var block = content[..Math.Min(content.Length, MaxBlock)];
            content = content[block.Length..];
            BinaryPrimitives.WriteInt32LittleEndian(header, (block.Length << 3) | (content.IsEmpty ? 1 : 0));
            frame.Write(header[..3]);
            frame.Write(block);
        }
        while (!content.IsEmpty);

        return frame.ToArray();
    }

    const string Library = "libzstd";

    [LibraryImport(Library, EntryPoint = "ZSTD_createCCtx")]
    private static partial nint CreateContext();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeCCtx")]
    private static partial nuint FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "ZSTD_CCtx_setParameter")]
    private static partial nuint SetParameter(nint context, int parameter, int value);

    [LibraryImport(Library, EntryPoint = "ZSTD_compressBound")]
    private static partial nuint Bound(nuint length);

    [LibraryImport(Library, EntryPoint = "ZSTD_compress2")]
    private static partial nuint Compress(nint context, byte* to, nuint capacity, byte* from, nuint length);
}
