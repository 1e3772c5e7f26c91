using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Logging;

/// <summary>How log lines look.</summary>
/// <param name="AsJson">One JSON object a line, for journald and its like; else text for people.</param>
/// <param name="UseColour">Warnings and errors in colour.</param>
/// <param name="Least">Lines below this level are left out.</param>
sealed record LogStyle(bool AsJson, bool UseColour, LogLevel Least);

/// <summary>How much a log line matters.</summary>
enum LogLevel
{
    /// <summary>Every pass; with --verbose.</summary>
    Debug,

    /// <summary>Something was found, or a state changed.</summary>
    Info,

    /// <summary>Something could not be read; the rest goes on.</summary>
    Warning,

    /// <summary>Collecting stands still.</summary>
    Error,
}

/// <summary>Writes log lines: keys, counts and paths, never anybody's words.</summary>
sealed class LogWriter(TextWriter output, LogStyle style, TimeProvider time)
{
    static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one line.</summary>
    /// <param name="level">How much it matters.</param>
    /// <param name="message">What happened; control characters in it are made harmless.</param>
    /// <param name="fields">Numbers for machines; in the JSON form only.</param>
    public void Write(LogLevel level, string message, params ReadOnlySpan<(string Name, long Value)> fields)
    {
        if (level < style.Least)
        {
            return;
        }

        message = PrintableText.Of(message);
        var line = style.AsJson ? Json(level, message, fields) : Text(level, message);
        lock (output)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    string Text(LogLevel level, string message)
    {
        var when = time.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var label = level switch
        {
            LogLevel.Warning => style.UseColour ? "\e[33mwarning:\e[0m " : "warning: ",
            LogLevel.Error => style.UseColour ? "\e[31merror:\e[0m " : "error: ",
            _ => "",
        };

        return $"{when} {label}{message}";
    }

    string Json(LogLevel level, string message, ReadOnlySpan<(string Name, long Value)> fields)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteString("ts", UtcTime.Format(time.GetUtcNow()));
            json.WriteString("level", level switch
            {
                LogLevel.Debug => "debug",
                LogLevel.Info => "info",
                LogLevel.Warning => "warning",
                _ => "error",
            });
            json.WriteString("message", message);
            foreach (var (name, value) in fields)
            {
                json.WriteNumber(name, value);
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
