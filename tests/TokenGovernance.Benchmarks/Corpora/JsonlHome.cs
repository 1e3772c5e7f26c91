using System.Text.Encodings.Web;
using System.Text.Json;

namespace TokenGovernance.Benchmarks.Corpora;

/// <summary>Writes a corpus as a home of OpenClaw before its SQLite store: one file a session, an index an agent.</summary>
sealed class JsonlHome(Corpus corpus, string folder)
{
    /// <summary>Lines of a transcript that its checkpoint repeats.</summary>
    const int CheckpointLines = 60;

    const int TrajectoryLines = 20;

    static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
        SkipValidation = true,
    };

    /// <summary>Writes it and returns how many bytes it has.</summary>
    public long Write()
    {
        using var writer = new TranscriptWriter(corpus.Pool, corpus.Size.TextBytes);
        var bytes = 0L;
        foreach (var session in corpus.Sessions)
        {
            var lines = corpus.WriteTranscript(writer, session);
            bytes += WriteFile(session.Agent, session.FileName, lines);

            // Copies that OpenClaw keeps beside the first transcripts: counting them is counting twice.
            if (session.Number < 2 * corpus.Size.Agents && session.Archive is null)
            {
                bytes += WriteFile(session.Agent, $"{session.Id}.checkpoint.{Guid.NewGuid()}.jsonl", FirstLines(lines));
                bytes += WriteFile(session.Agent, $"{session.Id}.trajectory.jsonl", Trajectory(session));
            }
        }

        return bytes + corpus.Sessions.GroupBy(session => session.Agent).Sum(agent => WriteFile(agent.Key, "sessions.json", Index(agent)));
    }

    static ReadOnlySpan<byte> FirstLines(ReadOnlySpan<byte> lines)
    {
        var end = 0;
        for (var i = 0; i < CheckpointLines && end < lines.Length; i++)
        {
            end += lines[end..].IndexOf((byte)'\n') + 1;
        }

        return lines[..end];
    }

    byte[] Trajectory(PlannedSession session)
    {
        var random = corpus.RandomFor(session, salt: 1);
        using var text = new MemoryStream();
        for (var seq = 0; seq < Math.Min(session.Events, TrajectoryLines); seq++)
        {
            using (var json = new Utf8JsonWriter(text))
            {
                json.WriteStartObject();
                json.WriteString("traceSchema", "openclaw-trajectory");
                json.WriteNumber("schemaVersion", 1);
                json.WriteString("traceId", session.Id);
                json.WriteString("sessionId", session.Id);
                json.WriteString("type", "model.completed");
                json.WriteNumber("seq", seq);
                json.WriteString("ts", Clock.Iso(Clock.StartMs + seq));
                json.WriteStartObject("data");
                TranscriptWriter.WriteUsage(json, random, ModelPrice.All[1], new Totals());
                json.WriteEndObject();
                json.WriteEndObject();
            }

            text.WriteByte((byte)'\n');
        }

        return text.ToArray();
    }

    byte[] Index(IEnumerable<PlannedSession> sessions)
    {
        using var text = new MemoryStream();
        using var json = new Utf8JsonWriter(text, Options);
        json.WriteStartObject();
        foreach (var session in sessions.Where(session => session.Archive is null).DistinctBy(session => session.Key))
        {
            json.WriteStartObject(session.Key);
            WriteIndexEntry(json, session, corpus.RandomFor(session, salt: 2));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();

        return text.ToArray();
    }

    void WriteIndexEntry(Utf8JsonWriter json, PlannedSession session, Random random)
    {
        var to = $"{session.Channel ?? "main"}:{random.Next(1_000_000_000)}";
        json.WriteString("sessionId", session.Id);
        json.WriteNumber("updatedAt", Clock.EndMs);
        json.WriteBoolean("systemSent", true);
        json.WriteString("chatType", session.ChatType);
        json.WriteStartObject("deliveryContext");
        if (session.Channel is not null)
        {
            json.WriteString("channel", session.Channel);
            json.WriteString("to", to);
            json.WriteString("accountId", "default");
        }

        json.WriteEndObject();
        json.WriteStartObject("origin");
        json.WriteString("provider", session.Channel ?? "internal");
        json.WriteString("surface", session.Channel ?? "internal");
        json.WriteString("chatType", session.ChatType);
        json.WriteString("from", to);
        json.WriteEndObject();
        json.WriteString("sessionFile", Path.Combine(SessionsFolder(session.Agent), session.FileName));
        json.WriteNumber("totalTokens", random.Next(200_000));
        json.WriteNumber("contextTokens", 272_000);
        json.WriteString("modelProvider", "openai-codex");
        json.WriteString("model", "gpt-5.3-codex");

        // The bulk of a real index: prompts and skills, twelve of them.
        json.WriteStartObject("skillsSnapshot");
        WriteText(json, "prompt", random, 4_000);
        json.WriteStartArray("skills");
        for (var i = 0; i < 24; i++)
        {
            json.WriteStartObject();
            json.WriteString("name", $"skill-{i % 12}");
            WriteText(json, "description", random, 180);
            json.WriteString("filePath", $"/opt/skills/{i % 12}/SKILL.md");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();

        // Some entries name the channel in only one of the two places readers look.
        if (session.Channel is not null && random.NextDouble() < 0.8)
        {
            json.WriteString("lastChannel", session.Channel);
            json.WriteString("lastTo", to);
        }
    }

    void WriteText(Utf8JsonWriter json, string name, Random random, int length)
    {
        json.WritePropertyName(name);
        json.WriteRawValue([(byte)'"', .. corpus.Pool.Take(random, length), (byte)'"'], skipInputValidation: true);
    }

    long WriteFile(string agent, string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(SessionsFolder(agent), name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);

        return content.Length;
    }

    string SessionsFolder(string agent) => Path.Combine(folder, "agents", agent, "sessions");
}
