namespace TokenGovernance.Reports;

/// <summary>What a report can group by, in the words of the command line.</summary>
enum Dimension
{
    Agent,
    Model,
    Provider,
    Channel,
    Trigger,
    Job,
    Session,
    ChatType,
    Day,
    Week,
    Month,
    Hour,
}

/// <summary>The names of dimensions.</summary>
static class Dimensions
{
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<Dimension>().Select(NameOf)];

    /// <summary>Names that can be filtered by: all but spans of time.</summary>
    public static IReadOnlyList<string> FilterNames { get; } =
        [.. Enum.GetValues<Dimension>().Where(dimension => !dimension.IsTime()).Select(NameOf)];

    public static string NameOf(this Dimension dimension) => dimension is Dimension.ChatType ? "chat-type" : dimension.ToString().ToLowerInvariant();

    public static bool IsTime(this Dimension dimension) => dimension >= Dimension.Day;

    public static Dimension? Find(string name) =>
        Enum.GetValues<Dimension>().Cast<Dimension?>().FirstOrDefault(d => string.Equals(NameOf(d!.Value), name.Trim(), StringComparison.OrdinalIgnoreCase));
}
