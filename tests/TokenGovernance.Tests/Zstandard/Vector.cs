using System.Globalization;
using System.Security.Cryptography;

namespace TokenGovernance.Tests.Zstandard;

/// <summary>A frame (or several) that the zstd program made, and what it decodes to.</summary>
/// <remarks>
///     They lie in vectors/ beside the tests; make-vectors.py makes them. ZSTD_FRAMES may name a further folder of the
///     same layout, see zstd-roundtrip.sh.
/// </remarks>
sealed record Vector(string Folder, string Name, int Length, string Sha256)
{
    public static string Committed { get; } = Path.Combine(AppContext.BaseDirectory, "Zstandard", "vectors");

    public static IEnumerable<string> Folders
    {
        get
        {
            yield return Committed;
            if (Environment.GetEnvironmentVariable("ZSTD_FRAMES") is { Length: > 0 } more) { yield return more; }
        }
    }

    public byte[] Frame => File.ReadAllBytes(Path.Combine(Folder, Name));

    public static IReadOnlyList<Vector> In(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "index.tsv")).Select(line => Parse(folder, line.Split('\t')))];

    public static Vector Named(string name) => In(Committed).Single(vector => vector.Name == name + ".zst");

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    static Vector Parse(string folder, string[] cells) =>
        new(folder, cells[0], int.Parse(cells[1], CultureInfo.InvariantCulture), cells[2]);
}
