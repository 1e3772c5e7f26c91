namespace TokenGovernance.Storage.Events;

/// <summary>A row of `event_attributions`: what is known of where some events of a session come from.</summary>
/// <param name="id">Its id.</param>
/// <param name="values">By <see cref="AttributionTable.Columns" />: a string, a long or NULL each.</param>
sealed class Attribution(long id, object?[] values)
{
    static readonly int ChannelIndex = IndexOf("channel"), KeyIndex = IndexOf("session_key"), TriggerIndex = IndexOf("trigger");

    public long Id { get; } = id;

    public object?[] Values { get; set; } = values;

    public string? SessionKey => (string?)Values[KeyIndex];

    public string? Channel => (string?)Values[ChannelIndex];

    public string? Trigger => (string?)Values[TriggerIndex];

    /// <summary>The values with another trigger.</summary>
    public object?[] WithTrigger(string? trigger)
    {
        object?[] values = [.. Values];
        values[TriggerIndex] = trigger;

        return values;
    }

    static int IndexOf(string name) => AttributionTable.Columns.ToList().FindIndex(column => column.Name == name);
}
