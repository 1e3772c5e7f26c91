using TokenGovernance.Text;

namespace TokenGovernance.Fleet;

/// <summary>What a push did, in words.</summary>
static class PushText
{
    public static string Of(PushResult result)
    {
        (long Count, string Text)[] parts =
        [
            (result.Changed, "changed"), (result.Shared, "known of another node, counted once"), (result.Removed, "removed"), (result.SetAside, "set aside"),
            (result.PassedOver, "of detached months passed over"),
        ];
        var more = parts.Where(part => part.Count > 0).Select(part => $", {NumberFormat.Count(part.Count)} {part.Text}");
        var snapshots = result.Snapshots > 0 ? $", {NumberFormat.Count(result.Snapshots, "quota reading")}" : "";

        return $"pushed: {NumberFormat.Count(result.Added, "new event")}{string.Concat(more)}{snapshots}";
    }
}
