using System.Globalization;
using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Daemon;

/// <summary>An upgrade of the store in words.</summary>
static class UpgradeText
{
    public static string Begin(UpgradeProgress upgrade) => string.Create(
        CultureInfo.InvariantCulture,
        $"upgrading {upgrade.Path} to schema {upgrade.Version}: {upgrade.Total:#,##0} responses. It needs about {NumberFormat.Bytes(upgrade.NeededBytes)} of free disk space for a while; until it is done the store stays as it is");

    public static string Progress(UpgradeProgress upgrade) => string.Create(
        CultureInfo.InvariantCulture, $"upgrading: {upgrade.Done:#,##0} of {upgrade.Total:#,##0} responses");
}
