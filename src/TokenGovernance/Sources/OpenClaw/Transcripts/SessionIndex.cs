using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>What one `sessions.json` says: which session a file belongs to, and the facts about each session.</summary>
sealed class SessionIndex
{
    readonly Dictionary<string, SessionIdentity> _sessionByFile = new(StringComparer.Ordinal);
    readonly Dictionary<string, SessionInfo> _sessions = new(StringComparer.Ordinal);

    /// <summary>Facts by session id.</summary>
    public IReadOnlyDictionary<string, SessionInfo> Sessions => _sessions;

    /// <summary>Why not all of it could be read, or NULL.</summary>
    public string? Damage { get; private init; }

    /// <summary>The session whose live transcript has this file name, or NULL.</summary>
    public SessionIdentity? FindSession(string liveName) => _sessionByFile.GetValueOrDefault(liveName);

    /// <summary>Reads an index, as far as it is whole.</summary>
    /// <param name="json">Its text.</param>
    /// <param name="folder">Whose it is.</param>
    /// <param name="isFallback">It is an old index: what it says fills what is unknown.</param>
    /// <param name="before">What it said before: facts that are the same need no memory of their own.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SessionIndex Read(Stream json, SessionFolder folder, bool isFallback, SessionIndex? before)
    {
        using var members = new JsonMemberReader(json);
        var entries = new List<(string Key, IndexEntry Entry)>();
        string? damage = null;
        try
        {
            while (members.Next())
            {
                if (IndexEntry.Parse(members.Value) is { } entry)
                {
                    entries.Add((members.Name, entry));
                }
            }
        }
        catch (JsonException e)
        {
            // What was read of a torn index must not outrank what the whole one will say.
            damage = $"it is not a whole session index (line {e.LineNumber + 1 ?? 1}); other sessions are named by their files until it is";
            isFallback = true;
        }

        // Two keys can share a session; the shorter one is the session's, the other fills what that one leaves open.
        entries.Sort((a, b) => a.Key.Length != b.Key.Length ? a.Key.Length - b.Key.Length : string.CompareOrdinal(a.Key, b.Key));
        var index = new SessionIndex { Damage = damage };
        foreach (var (key, entry) in entries)
        {
            index.Add(key, entry, folder, isFallback);
        }

        if (before is not null)
        {
            index.Share(before);
        }

        return index;
    }

    /// <summary>True if facts about a session are the same as in another index.</summary>
    public bool IsSame(SessionInfo info) => _sessions.TryGetValue(info.Session.SessionId, out var known) && known == info;

    void Share(SessionIndex before)
    {
        foreach (var (id, info) in _sessions)
        {
            if (before._sessions.TryGetValue(id, out var known) && known == info)
            {
                _sessions[id] = known;
            }
        }
    }

    void Add(string key, IndexEntry entry, SessionFolder folder, bool isFallback)
    {
        if (entry.SessionId is not { } id)
        {
            return;
        }

        var agentId = folder.IsShared ? SessionFolder.AgentOf(key) ?? folder.AgentId : folder.AgentId;
        var info = entry.ToInfo(key, new SessionIdentity(folder.Home, agentId, id), isFallback);
        _sessions[id] = _sessions.TryGetValue(id, out var known) ? Fill(known, info) : info;
        if (entry.SessionFile is { } file)
        {
            // The path may point to a home that was moved since: only the name counts.
            _sessionByFile.TryAdd(file[(file.LastIndexOfAny(['/', '\\']) + 1)..], info.Session);
        }
    }

    static SessionInfo Fill(SessionInfo known, SessionInfo other) => known with
    {
        Channel = known.Channel ?? other.Channel,
        ChatType = known.ChatType ?? other.ChatType,
        OriginProvider = known.OriginProvider ?? other.OriginProvider,
        SpawnedBy = known.SpawnedBy ?? other.SpawnedBy,
        ParentSessionKey = known.ParentSessionKey ?? other.ParentSessionKey,
    };
}
