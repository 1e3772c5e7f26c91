using TokenGovernance.Domain;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.OpenClaw.Entries;

/// <summary>Reads a whole archived transcript: lines of a transcript, or the wrapped rows of cold storage.</summary>
static class ArchiveLines
{
    /// <summary>A cold line wraps an entry of up to 4 MiB in a string, which may double it.</summary>
    const int MaxLine = 32 * 1024 * 1024;

    /// <summary>Reads an archive to its end.</summary>
    /// <param name="plain">Its text.</param>
    /// <param name="session">Its session.</param>
    /// <param name="sessionKey">The session's key, where something names it.</param>
    /// <param name="sourceFile">The file it is in.</param>
    /// <param name="isCold">Its lines wrap rows.</param>
    /// <param name="checkpoint">Becomes true when all of it is stored.</param>
    /// <returns>
    ///     The events and, if the archive is cut short or damaged, why: then they are those before the damage, and the checkpoint is
    ///     not among the batch's.
    /// </returns>
    public static (Batch Batch, IOException? Damage) Read(
        Stream plain, SessionIdentity session, string? sessionKey, string sourceFile, bool isCold, Checkpoint checkpoint)
    {
        using var lines = new JsonLineReader(plain, MaxLine);
        var entries = new EntryBatch(new EntryParser(), new TranscriptState(), session, sourceFile);
        TranscriptHeader? header = null;
        var number = 0L;
        var isFirst = true;
        IOException? damage = null;
        while (TryNext(lines, ref damage))
        {
            number++;
            if (lines.Line.IsEmpty)
            {
                continue;
            }

            var entry = lines.Line;
            if (isCold)
            {
                var row = ColdLine.Parse(lines.Line)?.Row;
                if (row?.Entry is not { } text)
                {
                    continue;
                }

                number = row.LineNo ?? number;
                entry = text.AsSpan().Trim(" \t\r\n"u8);
            }

            header ??= isFirst ? TranscriptHeader.Parse(entry) : null;
            isFirst = false;
            entries.Add(entry, lines.TextHash, number);
        }

        var isTrusted = header?.Id == session.SessionId;
        var info = new SessionInfo(session)
        {
            SessionKey = sessionKey,
            StartedMs = isTrusted ? header!.TimestampMs : null,
            IsFork = isTrusted && header!.IsFork,
        };

        var batch = entries.ToBatch(info, checkpoint, lines.Consumed);

        return damage is null ? (batch, null) : (batch with { Checkpoints = [] }, damage);
    }

    static bool TryNext(JsonLineReader lines, ref IOException? damage)
    {
        try
        {
            return lines.Next();
        }
        catch (IOException e)
        {
            damage = e;

            return false;
        }
    }
}
