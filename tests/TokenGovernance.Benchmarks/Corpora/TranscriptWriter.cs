using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TokenGovernance.Benchmarks.Corpora;

/// <summary>Writes the transcript of a session as OpenClaw would, one JSON object a line.</summary>
/// <remarks>Not thread-safe; the buffer is reused from session to session.</remarks>
sealed class TranscriptWriter(TextPool pool, int meanText) : IDisposable
{
    const double ToolShare = 0.7;
    const double ThinkingShare = 0.5;
    const double DecoyShare = 0.02;
    const double ModelChangeShare = 0.01;
    const double CompactionShare = 0.004;

    static readonly byte[] Decoy = "{\\\"role\\\":\\\"assistant\\\",\\\"usage\\\":{\\\"input\\\":999999,\\\"output\\\":999999}}\\n"u8.ToArray();

    readonly ArrayBufferWriter<byte> _buffer = new(1 << 20);
    readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    });

    readonly ArrayBufferWriter<byte> _text = new(1 << 16);
    Random _random = new(0);
    string? _parent;
    long _ms;

    /// <summary>Returns the lines of a session, valid until the next call, and adds its usage to <paramref name="totals" />.</summary>
    public ReadOnlySpan<byte> Write(PlannedSession session, Random random, Totals totals)
    {
        _buffer.ResetWrittenCount();
        (_random, _parent, _ms) = (random, null, Clock.StartMs + random.NextInt64(Clock.SpanMs));
        var model = NextModel();
        WriteOpening(session, model);

        var sinceUser = 0;
        for (var index = 0; index < session.Events; index++)
        {
            _ms += random.Next(900, 60_000);
            if (sinceUser == 0)
            {
                WriteUser();
                _ms += random.Next(100, 5_000);
            }

            if (random.NextDouble() < ModelChangeShare)
            {
                model = NextModel();
                WriteModelChange(model);
            }

            var usesTool = index + 1 < session.Events && random.NextDouble() < ToolShare;
            var call = usesTool ? $"call_{Hex(24)}" : null;
            WriteAssistant(model, call, totals);
            sinceUser = usesTool ? sinceUser + 1 : 0;
            if (call is not null)
            {
                _ms += random.Next(20, 20_000);
                WriteToolResult(call);
            }

            if (random.NextDouble() < CompactionShare)
            {
                WriteCompaction();
            }
        }

        return _buffer.WrittenSpan;
    }

    /// <summary>A usage object by itself, as trajectories repeat it.</summary>
    public static void WriteUsage(Utf8JsonWriter json, Random random, ModelPrice model, Totals totals)
    {
        long input = random.Next(1, 4_000), output = random.Next(1, 2_500), cacheRead = random.Next(0, 120_000);
        long cacheWrite = random.NextDouble() < 0.4 ? random.Next(0, 9_000) : 0;
        var total = input + output + cacheRead + cacheWrite;
        json.WriteStartObject("usage");
        json.WriteNumber("input", input);
        json.WriteNumber("output", output);
        json.WriteNumber("cacheRead", cacheRead);
        json.WriteNumber("cacheWrite", cacheWrite);
        json.WriteNumber("totalTokens", total);
        if (model.HasCost)
        {
            var (costIn, costOut) = (input * model.Input, output * model.Output);
            var (costRead, costWrite) = (cacheRead * model.CacheRead, cacheWrite * model.CacheWrite);
            json.WriteStartObject("cost");
            json.WriteNumber("input", costIn / 1e9);
            json.WriteNumber("output", costOut / 1e9);
            json.WriteNumber("cacheRead", costRead / 1e9);
            json.WriteNumber("cacheWrite", costWrite / 1e9);
            json.WriteNumber("total", (costIn + costOut + costRead + costWrite) / 1e9);
            json.WriteEndObject();
            totals.CostNano += costIn + costOut + costRead + costWrite;
        }

        json.WriteEndObject();
        totals.Events++;
        totals.Input += input;
        totals.Output += output;
        totals.CacheRead += cacheRead;
        totals.CacheWrite += cacheWrite;
        totals.Total += total;
    }

    public void Dispose() => _json.Dispose();

    void WriteOpening(PlannedSession session, ModelPrice model)
    {
        Begin();
        _json.WriteString("type", "session");
        _json.WriteNumber("version", 3);
        _json.WriteString("id", session.Id);
        _json.WriteString("timestamp", Clock.Iso(_ms));
        _json.WriteString("cwd", $"/home/user/.openclaw/workspace-{session.Agent}");
        End();

        WriteModelChange(model);
        BeginEntry("thinking_level_change");
        _json.WriteString("thinkingLevel", "high");
        End();

        BeginEntry("custom");
        _json.WriteString("customType", "model-snapshot");
        _json.WriteStartObject("data");
        _json.WriteNumber("timestamp", _ms);
        _json.WriteString("provider", model.Provider);
        _json.WriteString("modelApi", model.Api);
        _json.WriteString("modelId", model.Id);
        _json.WriteEndObject();
        End();
    }

    void WriteModelChange(ModelPrice model)
    {
        BeginEntry("model_change");
        _json.WriteString("provider", model.Provider);
        _json.WriteString("modelId", model.Id);
        End();
    }

    void WriteUser()
    {
        BeginMessage("user");
        _json.WriteStartArray("content");
        WriteText(TextLength() / 4);
        _json.WriteEndArray();
        EndMessage();
    }

    void WriteAssistant(ModelPrice model, string? call, Totals totals)
    {
        BeginMessage("assistant");
        _json.WriteStartArray("content");
        if (_random.NextDouble() < ThinkingShare)
        {
            _json.WriteStartObject();
            _json.WriteString("type", "thinking");
            WriteSalad("thinking", TextLength() / 3);
            _json.WriteString("thinkingSignature", $"rs_{Hex(64)}");
            _json.WriteEndObject();
        }

        if (call is null)
        {
            WriteText(TextLength() / 4);
        }
        else
        {
            _json.WriteStartObject();
            _json.WriteString("type", "toolCall");
            _json.WriteString("id", call);
            _json.WriteString("name", "exec");
            _json.WriteStartObject("arguments");
            WriteSalad("command", 120);
            _json.WriteEndObject();
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteString("api", model.Api);
        _json.WriteString("provider", model.Provider);
        _json.WriteString("model", model.Id);
        WriteUsage(_json, _random, model, totals);
        _json.WriteString("stopReason", call is null ? "stop" : "toolUse");
        EndMessage();
    }

    void WriteToolResult(string call)
    {
        BeginMessage("toolResult");
        _json.WriteString("toolCallId", call);
        _json.WriteString("toolName", "exec");
        _json.WriteStartArray("content");
        WriteText(TextLength(), _random.NextDouble() < DecoyShare ? Decoy : []);
        _json.WriteEndArray();
        _json.WriteStartObject("details");
        _json.WriteString("status", "completed");
        _json.WriteNumber("exitCode", 0);
        _json.WriteNumber("durationMs", _random.Next(1, 9_000));
        _json.WriteEndObject();
        _json.WriteBoolean("isError", false);
        EndMessage();
    }

    void WriteCompaction()
    {
        var kept = _parent;
        BeginEntry("compaction");
        WriteSalad("summary", TextLength());
        _json.WriteString("firstKeptEntryId", kept);
        _json.WriteNumber("tokensBefore", _random.Next(90_000, 260_000));
        _json.WriteBoolean("fromHook", false);
        End();
    }

    void WriteText(int length, ReadOnlySpan<byte> before = default)
    {
        _json.WriteStartObject();
        _json.WriteString("type", "text");
        WriteSalad("text", length, before);
        _json.WriteEndObject();
    }

    void WriteSalad(string name, int length, ReadOnlySpan<byte> before = default)
    {
        _text.ResetWrittenCount();
        _text.Write("\""u8);
        _text.Write(before);
        _text.Write(pool.Take(_random, length));
        _text.Write("\""u8);
        _json.WritePropertyName(name);
        _json.WriteRawValue(_text.WrittenSpan, skipInputValidation: true);
    }

    void BeginMessage(string role)
    {
        BeginEntry("message");
        _json.WriteStartObject("message");
        _json.WriteString("role", role);
    }

    void EndMessage()
    {
        _json.WriteNumber("timestamp", _ms);
        _json.WriteEndObject();
        End();
    }

    void BeginEntry(string type)
    {
        var id = Hex(8);
        Begin();
        _json.WriteString("type", type);
        _json.WriteString("id", id);
        _json.WriteString("parentId", _parent);
        _json.WriteString("timestamp", Clock.Iso(_ms));
        _parent = id;
    }

    void Begin()
    {
        _json.Reset(_buffer);
        _json.WriteStartObject();
    }

    void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _buffer.Write("\n"u8);
    }

    ModelPrice NextModel() => ModelPrice.All[_random.Next(ModelPrice.All.Length)];

    /// <summary>A heavy tail: mostly short, sometimes many times the mean, as tool output is.</summary>
    int TextLength()
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

        return Math.Min((int)(Math.Exp(1.1 * normal) * meanText * 0.55) + 1, meanText * 24);
    }

    string Hex(int digits) => string.Create(digits, _random, static (span, random) =>
    {
        for (var i = 0; i < span.Length; i += 8)
        {
            ((uint)random.NextInt64(1L << 32)).TryFormat(span[i..], out _, "x8", CultureInfo.InvariantCulture);
        }
    });
}
