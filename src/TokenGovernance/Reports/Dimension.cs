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
    Home,

    /// <summary>The session at the root of the tree that a sub-agent's session is in; of another its own.</summary>
    Parent,
    ResponseModel,
    Api,

    /// <summary>Whether the call failed: `yes` or `no`.</summary>
    Error,
    Runtime,

    /// <summary>The machine that pushed it to the fleet's database.</summary>
    Node,
    Day,
    Week,
    Month,
    Hour,
    Weekday,
}

/// <summary>The names of dimensions.</summary>
static class Dimensions
{
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<Dimension>().Select(NameOf)];

    /// <summary>Names that can be filtered by: all but spans of time, which have options of their own.</summary>
    public static IReadOnlyList<string> FilterNames { get; } = [.. Enum.GetValues<Dimension>().Where(CanFilter).Select(NameOf)];

    /// <summary>Names that a budget can be for.</summary>
    public static IReadOnlyList<string> BudgetNames { get; } = [.. Enum.GetValues<Dimension>().Where(CanLimit).Select(NameOf)];

    public static string NameOf(this Dimension dimension) => dimension switch
    {
        Dimension.ChatType => "chat-type",
        Dimension.ResponseModel => "response-model",
        _ => dimension.ToString().ToLowerInvariant(),
    };

    public static bool IsTime(this Dimension dimension) => dimension >= Dimension.Day;

    public static bool CanFilter(this Dimension dimension) => !dimension.IsTime() || dimension is Dimension.Weekday;

    /// <summary>A budget looks at names that a response has by itself.</summary>
    public static bool CanLimit(this Dimension dimension) => !dimension.IsTime() && dimension is not (Dimension.Parent or Dimension.Error or Dimension.Node);

    /// <summary>The only values that a dimension has; NULL: any.</summary>
    public static IReadOnlyList<string>? ValuesOf(this Dimension dimension) => dimension switch
    {
        Dimension.Error => ["no", "yes"],
        Dimension.Weekday => ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        _ => null,
    };

    public static Dimension? Find(string name) =>
        Enum.GetValues<Dimension>().Cast<Dimension?>().FirstOrDefault(d => string.Equals(NameOf(d!.Value), name.Trim(), StringComparison.OrdinalIgnoreCase));
}
