using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.OpenClaw.Status;

/// <summary>Understands what `openclaw status --json --usage` prints, from 2026.2.9 on.</summary>
/// <remarks>
///     The answer is the first object that has `usage.providers`, whatever stands before and after it: banners, warnings, what a
///     plugin prints. Fields of an unexpected type count as absent, unknown ones are skipped, and of text only names and errors are
///     taken.
/// </remarks>
static class StatusParser
{
    const string Broken = "its JSON is incomplete or broken";

    /// <summary>Returns one snapshot a window or billing entry, and one for each provider that failed beside others that did not.</summary>
    /// <param name="output">All of the program's standard output.</param>
    /// <param name="blank">A snapshot with what all rows of the reading share.</param>
    /// <returns>A failed reading if there is no usage in it, or nothing but errors: those are OpenClaw's, not each provider's.</returns>
    public static StatusReading Parse(ReadOnlySpan<byte> output, QuotaSnapshot blank)
    {
        var failure = "it printed no JSON";
        output = LenientJson.Mend(output);
        for (var start = output.IndexOf((byte)'{'); start >= 0;)
        {
            var length = 1;
            try
            {
                var reader = new Utf8JsonReader(output[start..]);
                using var document = JsonDocument.ParseValue(ref reader);
                if (TryGet(document.RootElement, "usage", JsonValueKind.Object, out var usage)
                    && TryGet(usage, "providers", JsonValueKind.Array, out var providers))
                {
                    return Read(providers, blank);
                }

                length = (int)reader.BytesConsumed;
                failure = failure == Broken ? Broken : "its answer has no usage in it";
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // Not JSON, or cut off. An object alone on its line is meant to be the answer; a brace within a line may be anything.
                failure = BeginsLine(output, start) ? Broken : failure;
            }

            var next = output[(start + length)..].IndexOf((byte)'{');
            start = next < 0 ? -1 : start + length + next;
        }

        return StatusText.FailedReading(blank, failure);
    }

    static bool BeginsLine(ReadOnlySpan<byte> output, int at) => at == 0 || output[at - 1] == (byte)'\n';

    static StatusReading Read(JsonElement providers, QuotaSnapshot blank)
    {
        var rows = new List<QuotaSnapshot>();
        var anyAnswer = false;
        foreach (var provider in providers.EnumerateArray())
        {
            if (provider.ValueKind is JsonValueKind.Object)
            {
                anyAnswer |= AddProvider(provider, blank, rows);
            }
        }

        return anyAnswer || rows.Count == 0 ? new StatusReading(rows) : StatusText.FailedReading(blank, Describe(rows));
    }

    /// <summary>Adds a provider's rows; true if it answered.</summary>
    static bool AddProvider(JsonElement provider, QuotaSnapshot blank, List<QuotaSnapshot> rows)
    {
        var common = blank with
        {
            Provider = Name(provider, "provider"),
            DisplayName = Name(provider, "displayName"),
            Plan = Name(provider, "plan"),
            AccountEmail = Text(provider, "accountEmail"),
        };
        var before = rows.Count;
        rows.AddRange(Objects(provider, "windows").Select(window => common with
        {
            Kind = SnapshotKind.Window,
            WindowLabel = Name(window, "label"),
            GroupLabel = Name(window, "groupLabel"),
            UsedPercent = QuotaSnapshot.BoundPercent(Number(window, "usedPercent")),
            ResetAtMs = Time(window, "resetAt"),
        }));
        rows.AddRange(Objects(provider, "billing").Select(entry => ReadBilling(entry, common)).OfType<QuotaSnapshot>());

        var error = StatusText.Line(Text(provider, "error"));
        var answered = rows.Count > before || error is null;
        if (error is not null)
        {
            rows.Add(common with { Kind = SnapshotKind.Error, Error = error });
        }

        return answered;
    }

    static QuotaSnapshot? ReadBilling(JsonElement entry, QuotaSnapshot common)
    {
        var row = common with
        {
            WindowLabel = Name(entry, "label"),
            Amount = QuotaSnapshot.BoundAmount(Number(entry, "amount")),
            Unit = Name(entry, "unit"),
            Period = Name(entry, "period"),
            ResetAtMs = Time(entry, "resetAt"),
        };

        return Text(entry, "type") switch
        {
            "balance" => row with { Kind = SnapshotKind.Balance },
            "spend" => row with { Kind = SnapshotKind.Spend },
            "budget" => row with { Kind = SnapshotKind.Budget, Amount = QuotaSnapshot.BoundAmount(Number(entry, "used")), AmountLimit = QuotaSnapshot.BoundAmount(Number(entry, "limit")) },
            _ => null,
        };
    }

    /// <summary>Such as "no provider answered: Timeout (7)".</summary>
    static string Describe(List<QuotaSnapshot> errors)
    {
        var reasons = errors.GroupBy(row => row.Error, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count())
            .Select(group => $"{group.Key} ({group.Count()})");

        return $"no provider answered: {string.Join(", ", reasons)}";
    }

    static IEnumerable<JsonElement> Objects(JsonElement parent, string name) =>
        TryGet(parent, name, JsonValueKind.Array, out var array)
            ? array.EnumerateArray().Where(element => element.ValueKind is JsonValueKind.Object)
            : [];

    static string? Name(JsonElement parent, string name) => StatusText.Name(Text(parent, name));

    static string? Text(JsonElement parent, string name)
    {
        try
        {
            return TryGet(parent, name, JsonValueKind.String, out var value) ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // No valid Unicode: as good as not said.
            return null;
        }
    }

    static double? Number(JsonElement parent, string name) =>
        TryGet(parent, name, JsonValueKind.Number, out var value) && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : null;

    static long? Time(JsonElement parent, string name) =>
        Number(parent, name) is { } ms && UtcTime.IsValid((long)ms) ? (long)ms : null;

    static bool TryGet(JsonElement parent, string name, JsonValueKind kind, out JsonElement value)
    {
        value = default;

        return parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out value) && value.ValueKind == kind;
    }
}
