using System.Globalization;
using System.Security.Cryptography;

namespace TokenGovernance.Tests.Sources.Files;

/// <summary>A frame (or several) that the zstd program made, and what it decodes to.</summary>
/// <remarks>
///     They lie in zstd/ beside the tests; make.py makes them. ZSTD_FRAMES may name a further folder of the same layout, see
///     zstd-roundtrip.sh.
/// </remarks>
sealed record ZstdVector(string Folder, string Name, int Length, string Sha256)
{
    public static string Committed { get; } = Path.Combine(AppContext.BaseDirectory, "Sources", "Files", "zstd");

    public static TheoryData<string> Folders =>
        Environment.GetEnvironmentVariable("ZSTD_FRAMES") is { Length: > 0 } more ? [Committed, more] : [Committed];

    public byte[] Frame => File.ReadAllBytes(Path.Combine(Folder, Name));

    public static IReadOnlyList<ZstdVector> In(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "index.tsv")).Select(line => Parse(folder, line.Split('\t')))];

    public static ZstdVector Named(string name) => In(Committed).Single(vector => vector.Name == name + ".zst");

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    static ZstdVector Parse(string folder, string[] cells) =>
        new(folder, cells[0], int.Parse(cells[1], CultureInfo.InvariantCulture), cells[2]);
}
