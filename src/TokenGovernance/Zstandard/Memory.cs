using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TokenGovernance.Zstandard;

/// <summary>Loads and stores without bounds checks: each caller has checked the range beforehand.</summary>
static class Memory
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ReadUInt64(ref byte origin, nint at)
    {
        var value = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref origin, at));

        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy16(ref byte from, nint fromAt, ref byte to, nint toAt) =>
        Vector128.StoreUnsafe(Vector128.LoadUnsafe(ref from, (nuint)fromAt), ref to, (nuint)toAt);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy32(ref byte from, nint fromAt, ref byte to, nint toAt)
    {
        Copy16(ref from, fromAt, ref to, toAt);
        Copy16(ref from, fromAt + 16, ref to, toAt + 16);
    }
}
