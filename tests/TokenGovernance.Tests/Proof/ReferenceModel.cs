using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Proof;

/// <summary>The model: every complete entry that was visible at any pass, once, in the session that owns it.</summary>
/// <remarks>It knows no offsets, checkpoints or generations; it looks at everything every time. So simple that it is plainly right.</remarks>
sealed class ReferenceModel(TranscriptWriter pen)
{
    readonly Dictionary<string, Seen> _seen = new(StringComparer.Ordinal);
    readonly Dictionary<string, (long? StartedMs, bool IsFork)> _sessions = new(StringComparer.Ordinal);

    public int Count => _seen.Count;

    /// <summary>Looks at one whole transcript.</summary>
    /// <param name="session">Whose it is.</param>
    /// <param name="file">Where it is; entries are told apart by file and number.</param>
    /// <param name="entries">Its complete entries with their numbers.</param>
    /// <param name="claimsOwnership">False if its header proves nothing.</param>
    /// <param name="pass">Which pass this is: the first that shows an entry decides about its model.</param>
    public void Look(string session, string file, IEnumerable<(long Number, string Text)> entries, bool claimsOwnership, int pass)
    {
        string? model = null;
        var isFirst = true;
        _sessions.TryAdd(session, default);
        foreach (var (number, text) in entries)
        {
            switch (pen.Find(text))
            {
                case Header header when isFirst && claimsOwnership && header.Session == session:
                    Join(session, header.Ms, header.IsFork);
                    break;
                case ModelChange change:
                    model = change.Model;
                    break;
                case Answer answer:
                    See(answer, session, $"{file}:{number}", answer.Model ?? model, pass);
                    break;
                default:
                    break;
            }

            isFirst = false;
        }
    }

    /// <summary>Adds what is known of a session's beginning.</summary>
    public void Join(string session, long? startedMs, bool isFork)
    {
        var known = _sessions.GetValueOrDefault(session);
        _sessions[session] = (Math.Min(known.StartedMs ?? long.MaxValue, startedMs ?? long.MaxValue) is < long.MaxValue and var ms ? ms : null,
            known.IsFork || isFork);
    }

    /// <summary>Compares with a store; returns what differs, or NULL.</summary>
    public string? Compare(UsageStore store)
    {
        var wrong = new List<string>();
        var missing = new Dictionary<string, Seen>(_seen, StringComparer.Ordinal);
        var (events, tokens, cost) = (0, 0L, 0m);
        using var command = store.Connection.CreateCommand();
        command.CommandText = """
            SELECT entry_id, session_id, input_tokens, output_tokens, cost_total, model, source_file || ':' || source_line_no FROM usage_events
            """;
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var id = row.GetString(0);
            events++;
            tokens += row.GetInt64(2) + row.GetInt64(3);
            cost += (decimal)row.GetDouble(4);
            if (!missing.Remove(id, out var seen))
            {
                wrong.Add($"{id}: is there twice or was never written");

                continue;
            }

            var answer = seen.Answer;
            Expect(wrong, id, "input", answer.Input, row.GetInt64(2));
            Expect(wrong, id, "output", answer.Output, row.GetInt64(3));
            Expect(wrong, id, "cost", answer.Cost, row.GetDouble(4));
            Expect(wrong, id, "session", OwnerOf(seen), row.GetString(1));
            ExpectOneOf(wrong, id, "model", seen.Models, row.IsDBNull(5) ? "" : row.GetString(5));
            ExpectOneOf(wrong, id, "place", seen.DefaultPaths, row.GetString(6));
        }

        wrong.AddRange(missing.Keys.Select(id => $"{id}: is missing"));
        Expect(wrong, "all", "events", _seen.Count, events);
        Expect(wrong, "all", "tokens", _seen.Values.Sum(seen => seen.Answer.Input + seen.Answer.Output), tokens);
        Expect(wrong, "all", "cost", _seen.Values.Sum(seen => (decimal)seen.Answer.Cost), cost);

        return wrong.Count == 0 ? null : string.Join("; ", wrong.Take(6));
    }

    /// <summary>The session that owns it: the earliest among those that began before it; if none did, the earliest.</summary>
    string OwnerOf(Seen seen) => seen.Sessions
        .OrderBy(session => _sessions[session].StartedMs <= seen.Answer.Ms ? 0 : 1)
        .ThenBy(session => _sessions[session].StartedMs ?? long.MaxValue)
        .ThenBy(session => _sessions[session].IsFork)
        .ThenBy(session => session, StringComparer.Ordinal)
        .First();

    void See(Answer answer, string session, string place, string? model, int pass)
    {
        if (!_seen.TryGetValue(answer.Id, out var seen))
        {
            _seen.Add(answer.Id, seen = new Seen(answer, pass));
        }

        seen.Sessions.Add(session);
        seen.DefaultPaths.Add(place);
        if (seen.FirstPass == pass)
        {
            seen.Models.Add(model ?? "");
        }
    }

    static void Expect<T>(List<string> wrong, string id, string what, T expected, T found)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, found))
        {
            wrong.Add($"{id}: {what} is {found}, not {expected}");
        }
    }

    static void ExpectOneOf(List<string> wrong, string id, string what, HashSet<string> expected, string found)
    {
        if (!expected.Contains(found))
        {
            wrong.Add($"{id}: {what} is {found}, not {string.Join(" or ", expected)}");
        }
    }

    sealed record Seen(Answer Answer, int FirstPass)
    {
        public HashSet<string> Sessions { get; } = new(StringComparer.Ordinal);

        public HashSet<string> DefaultPaths { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Models { get; } = new(StringComparer.Ordinal);
    }
}
