using System.Globalization;
using System.Reflection;
using TokenGovernance.Configuration;
using TokenGovernance.Reports;
using TokenGovernance.Storage.Alerts;

namespace TokenGovernance.Budgets.Runaway;

/// <summary>A scan as the store keeps it, and back.</summary>
static class KeptHistory
{
    /// <summary>What a scan depends on besides usage: other settings, or another version of the rule, make another one.</summary>
    /// <returns>NULL: it is not to be kept. Sessions and jobs can get other names without any change of their usage.</returns>
    public static string? KeyOf(RunawaySettings settings) => AsksForNamesThatChange(settings) ? null : string.Join('\n', (string[])
    [
        Assembly.GetExecutingAssembly().GetName().Version?.ToString() ?? "",
        string.Create(CultureInfo.InvariantCulture, $"{settings.Factor:R}|{settings.FloorUsd}|{settings.FloorOutputTokens}"),
        .. settings.Where.Select(filter =>
            $"{filter.Dimension}{(filter.IsNot ? "!=" : "=")}{string.Join('|', filter.Names.Order(StringComparer.Ordinal).Select(Uri.EscapeDataString))}"),
    ]);

    /// <summary>True if a name that is asked for can become another one.</summary>
    public static bool AsksForNamesThatChange(RunawaySettings settings) =>
        settings.Where.Any(filter => filter.Dimension is Dimension.Session or Dimension.Job);

    /// <summary>Reads a scan; NULL where it cannot be read: then it is made anew.</summary>
    public static RunawayScan? Read(SpendingHistory kept, RunawaySettings settings)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(kept.State));

            var scan = RunawayScan.Read(reader, settings, kept.First, kept.End);

            return reader.BaseStream.Position == kept.State.Length ? scan : null;
        }
        catch (Exception e) when (e is IOException or FormatException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>The bytes of a scan, without what is over.</summary>
    public static byte[] Write(RunawayScan scan)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes))
        {
            scan.Write(writer);
        }

        return bytes.ToArray();
    }
}
