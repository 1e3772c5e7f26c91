using System.Runtime.InteropServices;
using ZstdSharp.Unsafe;

namespace TokenGovernance.Sources.Files;

/// <summary>One decompression context of ZstdSharp. It holds native memory; dispose of it.</summary>
/// <remarks>A frame whose window is larger than 128 MiB, the zstd program's own limit, is refused.</remarks>
sealed unsafe class ZstdContext : SafeHandle
{
    const int WindowLogMax = 27;

    public ZstdContext()
        : base(0, ownsHandle: true)
    {
        SetHandle((nint)Methods.ZSTD_createDCtx());
        if (IsInvalid)
        {
            throw new InsufficientMemoryException("no memory to decompress");
        }

        Check(Methods.ZSTD_DCtx_setParameter(Context, ZSTD_dParameter.ZSTD_d_windowLogMax, WindowLogMax));
    }

    public override bool IsInvalid => handle == 0;

    ZSTD_DCtx_s* Context => (ZSTD_DCtx_s*)handle;

    /// <summary>Returns the content size that the first frame declares; NULL if it declares none.</summary>
    /// <exception cref="ZstdException">No frame begins there, or its header is cut short.</exception>
    public static ulong? ContentSizeOf(ReadOnlySpan<byte> source)
    {
        const ulong unknown = unchecked(0UL - 1);
        const ulong error = unchecked(0UL - 2);
        fixed (byte* from = source)
        {
            return Methods.ZSTD_getFrameContentSize(from, (nuint)source.Length) switch
            {
                unknown => null,
                error => throw new ZstdException("no frame begins where one should"),
                var size => size,
            };
        }
    }

    /// <summary>Forgets what was begun: the next input begins a frame.</summary>
    public void Reset() => Check(Methods.ZSTD_DCtx_reset(Context, ZSTD_ResetDirective.ZSTD_reset_session_only));

    /// <summary>Decodes on: takes input and gives output as far as both go.</summary>
    /// <returns>0 at the end of a frame, all of it given; else how many bytes of input it wants next.</returns>
    /// <exception cref="ZstdException">The input is damaged or needs too large a window.</exception>
    public int Decompress(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed, out int written)
    {
        nuint wanted;
        fixed (byte* from = source, to = destination)
        {
            var input = new ZSTD_inBuffer_s { src = from, size = (nuint)source.Length };
            var output = new ZSTD_outBuffer_s { dst = to, size = (nuint)destination.Length };
            wanted = Check(Methods.ZSTD_decompressStream(Context, &output, &input));
            (consumed, written) = ((int)input.pos, (int)output.pos);
        }

        return (int)Math.Min(wanted, int.MaxValue);
    }

    protected override bool ReleaseHandle()
    {
        _ = Methods.ZSTD_freeDCtx(Context);

        return true;
    }

    static nuint Check(nuint result) =>
        Methods.ZSTD_isError(result) ? throw new ZstdException(Methods.ZSTD_getErrorName(result)) : result;
}
