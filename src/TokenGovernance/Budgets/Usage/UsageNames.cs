using TokenGovernance.Reports;

namespace TokenGovernance.Budgets.Usage;

/// <summary>The names that usage goes by; NULL is unknown.</summary>
sealed record UsageNames(
    string? Agent, string? Session, string? SessionKey, string? Channel, string? ChatType, string? Trigger, string? Job, string? JobName,
    string? Provider, string? Model, string? Home, string? Api, string? ResponseModel, string? Runtime)
{
    /// <summary>The machine that pushed it to the fleet's database.</summary>
    public string? Node { get; init; }

    public string? Of(Dimension dimension) => dimension switch
    {
        Dimension.Agent => Agent,
        Dimension.Session => Session,
        Dimension.Channel => Channel,
        Dimension.ChatType => ChatType,
        Dimension.Trigger => Trigger,
        Dimension.Job => Job,
        Dimension.Provider => Provider,
        Dimension.Model => Model,
        Dimension.Home => Home,
        Dimension.Api => Api,
        Dimension.ResponseModel => ResponseModel,
        Dimension.Runtime => Runtime,
        Dimension.Node => Node,
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "no name"),
    };

    /// <summary>True if all filters accept the names, as in `report --where`.</summary>
    public bool AreAccepted(IReadOnlyList<NameFilter> filters)
    {
        foreach (var filter in filters)
        {
            if (!filter.Accepts(Of(filter.Dimension), LabelOf(filter.Dimension)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A text that is the same for names that do not differ in some dimensions.</summary>
    public string KeyOf(IReadOnlyList<Dimension> dimensions) =>
        string.Join('\n', dimensions.Select(dimension => $"{Of(dimension)?.Length ?? -1}:{Of(dimension)}{LabelOf(dimension)}"));

    /// <summary>What people call it, where that is something else than its id.</summary>
    public string? LabelOf(Dimension dimension) => dimension switch
    {
        Dimension.Session => SessionKey,
        Dimension.Job => JobName,
        _ => null,
    };
}
