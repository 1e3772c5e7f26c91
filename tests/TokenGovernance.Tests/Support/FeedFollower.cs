using System.Globalization;
using TokenGovernance.Domain;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Changes;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Tests;

/// <summary>Somebody who follows a store by its change feed: keeps what he was told, and his token as text.</summary>
sealed class FeedFollower
{
    public Dictionary<EventKey, string> Events { get; private init; } = [];

    public string? Token { get; private set; }

    /// <summary>How often his token was refused and he began again.</summary>
    public int Restarts { get; private set; }

    /// <summary>Another one who knows the same.</summary>
    public FeedFollower Copy() => new() { Events = new(Events), Token = Token };

    /// <summary>Reads one page; false if there was no more after it.</summary>
    public bool Read(string db, int limit)
    {
        try
        {
            var page = ReadPage(db, Parse(Token), limit);
            page.Changes.Count.Should().BeLessThanOrEqualTo(limit);
            foreach (var change in page.Changes)
            {
                if (change.Event is { } stored)
                {
                    Events[change.Key] = Describe(stored);
                }
                else
                {
                    Events.Remove(change.Key);
                }
            }

            Token = page.Next.ToString();

            return page.HasMore;
        }
        catch (InvalidChangeTokenException)
        {
            Events.Clear();
            Token = null;
            Restarts++;

            return true;
        }
    }

    public void ReadToEnd(string db, int limit)
    {
        while (Read(db, limit))
        {
        }
    }

    /// <summary>He must know what is in the store, and nothing else.</summary>
    public void ShouldKnow(string db, string because = "") => Events.Values.Order(StringComparer.Ordinal).Should().Equal(
        StoreRows.Query(db, "SELECT * FROM usage_events").Select(Describe).Order(StringComparer.Ordinal), because);

    public static ChangePage ReadPage(string db, ChangeToken? token, int limit = int.MaxValue) => StoreReader.Read(db, store =>
    {
        using var feed = store.OpenChanges();

        return feed.Read(token, limit);
    });

    public static ChangeToken? Parse(string? text) =>
        text is null ? null : ChangeToken.TryParse(text, out var token) ? token : throw new FormatException(text);

    static string Describe(StoredEvent stored) => string.Join(", ", EventColumns.All.Select((column, i) =>
        $"{column}={Show(column.Type is EventColumnType.Time && stored.Values[i] is long ms ? UtcTime.Format(ms) : stored.Values[i])}"));

    static string Describe(Row row) => string.Join(", ", row.Columns.Select(column => $"{column}={Show(row[column])}"));

    static string Show(object? value) => value switch
    {
        null => "NULL",
        byte[] bytes => Convert.ToHexString(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
