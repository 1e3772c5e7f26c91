using System.Globalization;
using System.Security.Cryptography;

namespace TokenGovernance.Tests;

/// <summary>Everything about a folder that a program could have changed: names, kinds, sizes, times, bytes.</summary>
static class DirectorySnapshot
{
    public static IReadOnlyList<string> Of(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder).Order(StringComparer.Ordinal).Select(Describe)];

    static string Describe(string path)
    {
        var info = new FileInfo(path);
        var isFile = File.Exists(path) && info.LinkTarget is null;

        return string.Join(
            ' ',
            path,
            info.Attributes,
            info.LastWriteTimeUtc.Ticks.ToString(CultureInfo.InvariantCulture),
            isFile ? info.Length : 0,
            isFile ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))) : info.LinkTarget,
            OperatingSystem.IsWindows() ? "" : File.GetUnixFileMode(path));
    }
}
