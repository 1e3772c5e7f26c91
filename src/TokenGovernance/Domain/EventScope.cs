namespace TokenGovernance.Domain;

/// <summary>What an event stands for.</summary>
enum EventScope
{
    /// <summary>One response of a model.</summary>
    Call,

    /// <summary>All that a turn of another runtime used, as far as OpenClaw says: its calls are not known.</summary>
    Turn,

    /// <summary>What a turn used beyond its calls that are known.</summary>
    Remainder,

    /// <summary>A part of a response, such as a tool call that OpenClaw copied: no event.</summary>
    Part,
}

/// <summary>Scopes as the store writes them.</summary>
static class EventScopeText
{
    public static string Of(EventScope scope) => scope switch
    {
        EventScope.Turn => "turn",
        EventScope.Remainder => "remainder",
        _ => "call",
    };
}
