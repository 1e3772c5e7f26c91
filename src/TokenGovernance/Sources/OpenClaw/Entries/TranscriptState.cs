using System.Globalization;
using TokenGovernance.Domain;

namespace TokenGovernance.Sources.OpenClaw.Entries;

/// <summary>What earlier entries of one transcript say about later ones. It is part of the transcript's checkpoint.</summary>
sealed class TranscriptState
{
    /// <summary>Of the last instant: hash of what each response is known by, in the order they came. Those after a restart have no key.</summary>
    readonly List<(ulong Hash, EventKey Key)> _last = [];

    EventContent _content;
    EventKey _key;
    long? _ms;

    /// <summary>Provider of the last `model_change` or `model-snapshot`.</summary>
    public string? Provider { get; set; }

    /// <summary>Model of the last `model_change` or `model-snapshot`, for messages that name none.</summary>
    public string? Model { get; set; }

    /// <summary>The responses of the last instant, for a checkpoint; NULL if there was none.</summary>
    public string? LastResponses
    {
        get
        {
            Note();

            return _ms is { } ms ? string.Create(CultureInfo.InvariantCulture, $"{ms}:{string.Join(',', _last.Select(one => one.Hash.ToString("x", CultureInfo.InvariantCulture)))}") : null;
        }

        init
        {
            if (value?.Split(':') is [var ms, var hashes] && long.TryParse(ms, CultureInfo.InvariantCulture, out var instant))
            {
                _ms = instant;
                _last = [.. hashes.Split(',').Select(hash => (ulong.TryParse(hash, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number) ? number : 0, default(EventKey)))];
            }
        }
    }

    /// <summary>The responses of an instant at which there was one: nearly always.</summary>
    /// <param name="ms">The instant.</param>
    /// <param name="hash">Its hash.</param>
    public static string One(long ms, ulong hash) => string.Create(CultureInfo.InvariantCulture, $"{ms}:{hash:x}");

    /// <summary>Reads what <see cref="One" /> wrote.</summary>
    /// <returns>False if it is anything else.</returns>
    public static bool TryParseOne(string? lastResponses, out long ms, out ulong hash)
    {
        (ms, hash) = (0, 0);
        var colon = lastResponses?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon > 0 && long.TryParse(lastResponses.AsSpan(0, colon), CultureInfo.InvariantCulture, out ms) && ms != 0
            && ulong.TryParse(lastResponses.AsSpan(colon + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out hash))
        {
            return true;
        }

        (ms, hash) = (0, 0);

        return false;
    }

    /// <summary>Counts a response: the how-manieth of this transcript it is with its content, from 1. The same entry again is the same.</summary>
    /// <remarks>Entries come in the order of time, so those that are alike stand together.</remarks>
    public int Count(UsageEvent usage)
    {
        var content = EventContent.Of(usage);
        if (usage.EventMs is null || usage.EventMs != _ms)
        {
            // As nearly always. Its hash is made only if another one of the same instant follows.
            _last.Clear();
            (_content, _key, _ms) = (content, usage.Key, usage.EventMs);

            return 1;
        }

        Note();
        var hash = content.StableHash();
        var alike = _last.FindAll(one => one.Hash == hash);
        var at = alike.FindIndex(one => one.Key == usage.Key);
        if (at >= 0)
        {
            return at + 1;
        }

        _last.Add((hash, usage.Key));

        return alike.Count + 1;
    }

    /// <summary>Takes the first response of the instant into the list.</summary>
    void Note()
    {
        if (_last.Count == 0 && _ms is not null)
        {
            _last.Add((_content.StableHash(), _key));
        }
    }
}
