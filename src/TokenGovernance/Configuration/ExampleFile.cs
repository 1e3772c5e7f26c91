using System.Text.RegularExpressions;

namespace TokenGovernance.Configuration;

/// <summary>A commented configuration file to begin with.</summary>
static partial class ExampleFile
{
    /// <summary>All that a file may say, commented out: as it is, it says nothing.</summary>
    public const string Text = """
        # Token Governance: the configuration file, TOML. Everything in it is optional, and an option on the command line
        # wins over it. Check it with: token-governance config check

        # db = "~/.local/share/token-governance/token_usage.db"    # the store; $TOKEN_GOVERNANCE_DB wins over this
        # openclaw-home = ["~/.openclaw"]                          # one or several; $OPENCLAW_STATE_DIR wins over this
        # openclaw-bin = "openclaw"                                # the program; $TOKEN_GOVERNANCE_OPENCLAW_BIN wins over this
        # prices = "~/model_prices.json"                           # list prices besides OpenClaw's own, in LiteLLM's format, for estimates
        # timezone = "Europe/Vienna"                               # whose days and months; the machine's if it is not said

        # [collect]                     # the options of `collect`
        # interval-sec = 1              # seconds between two passes
        # status-every = 30             # passes between two quota readings
        # no-status = false             # true: openclaw is not run for quotas
        # no-alerts = false             # true: collecting does not look at budgets
        # agent = ["main"]              # agents to ask for quotas, where there is no default one
        # status-timeout-sec = 90       # seconds that a quota reading may take
        # status-keep-min = 15          # minutes between two stored readings that are the same
        # log-format = "text"           # text or json
        # quiet = false                 # true: warnings and errors only
        # verbose = false               # true: every pass

        # [serve]                       # the options of `serve`; with this table, collecting serves too
        # listen = "127.0.0.1:9465"     # other addresses than those of this machine need a token
        # token-file = "~/token"        # its first line is the token that clients must send
        # allow-host = ["tokens.example.org"]  # further names of the server, such as that of a reverse proxy
        # no-dashboard = false          # true: no page for browsers

        # [fleet]                       # with this table, collecting also pushes to a PostgreSQL database of many machines
        # url = "postgresql://tokens@db.example.org/tokens?sslmode=verify-full"   # never with a password
        # name = "gateway-7"            # what this node is called; the machine's name if it is not said
        # password-file = "~/fleet-password"   # nothing: $PGPASSWORD or ~/.pgpass
        # columns = "no-peer-ids"       # "all" also pushes keys of sessions, which can hold phone numbers
        # interval-sec = 60             # seconds between two pushes

        # [runtimes]                    # programs that OpenClaw runs turns through, and whose files are not in its folder
        # claude = false                # true: also read the sessions of Claude Code (~/.claude) that OpenClaw uses

        # Limits. Each is told once a period, at each percent in warn and at 100. 'token-governance budget suggest' prints some.
        # [[budget]]
        # name = "month"
        # period = "month"              # hour, day, week, month; or rolling: 5h, 7d
        # limit = "50 USD"              # USD, tokens, output-tokens or responses
        # warn = [50, 80]               # percent; 100 is always there
        # forecast = true               # tell also when the limit will probably be exceeded
        # notify = ["me"]

        # [[budget]]
        # name = "nightly-sync"
        # where = ["job=JOB-ID", "trigger!=user"]   # as `report --where`; nothing: everything
        # period = "24h"
        # limit = "2M tokens"
        # unpriced = "count"            # of dollars: "count" says what has no price, "estimate" counts it at list prices, "ignore" does neither
        # notify = ["me", "ops"]
        # action = "disable-job"        # disables that cron job at 100 %; 'token-governance budget resume nightly-sync' enables it
        # # each = "agent"              # a limit of its own for every agent, model, job, … (not together with action)

        # [[quota]]                     # a window of a provider's plan, as `quota` shows it
        # provider = "openai"
        # window = "5h"                 # nothing: every window
        # warn = [80, 95]
        # notify = ["me"]

        # [runaway]                     # tells when an agent's spending is out of control
        # enabled = true
        # where = ["agent!=sandbox"]
        # factor = 1.0                  # more is less sensitive
        # floor = ["0.25 USD/15m", "20k output-tokens/15m"]   # what never is an alarm
        # notify = ["me"]

        # Who hears of it.
        # [notify.me]
        # openclaw = { channel = "telegram", target = "123456789" }   # `openclaw message send`; account = "…" if there are several

        # [notify.ops]
        # webhook = { env = "ALERT_WEBHOOK" }   # an address, { env = "NAME" } or { file = "path" }
        # format = "generic"            # generic, slack, discord, ntfy or alertmanager
        # secret = { file = "/etc/token-governance/hmac-key" }   # signs the body of a generic one
        # token = { env = "NTFY_TOKEN" }   # sent as Authorization: Bearer

        # [notify.alertmanager]
        # webhook = "http://127.0.0.1:9093"
        # format = "alertmanager"

        # [notify.program]
        # exec = ["/usr/local/bin/on-budget", "--urgent"]   # no shell; JSON on standard input

        """;

    /// <summary>The same, with what was found about a user filled in.</summary>
    /// <param name="db">The store.</param>
    /// <param name="homes">OpenClaw's state directories.</param>
    /// <param name="openClaw">The program; NULL: not found.</param>
    /// <param name="zone">IANA name; NULL: not known.</param>
    public static string With(string db, IReadOnlyList<string> homes, string? openClaw, string? zone)
    {
        var found = new Dictionary<string, string?>
        {
            ["db"] = TomlText(db),
            ["openclaw-home"] = $"[{string.Join(", ", homes.Select(TomlText))}]",
            ["openclaw-bin"] = openClaw is null ? null : TomlText(openClaw),
            ["timezone"] = zone is null ? null : TomlText(zone),
        };

        return TopLine().Replace(Text.ReplaceLineEndings("\n"), line =>
            found[line.Groups["key"].Value] is { } value ? $"{line.Groups["key"].Value} = {value}    #{line.Groups["comment"].Value}" : line.Value);
    }

    /// <summary>A basic string: everything that means something in it is escaped.</summary>
    static string TomlText(string text) => $"\"{string.Concat(text.Select(character => character switch
    {
        '"' or '\\' => $"\\{character}",
        < ' ' or '\x7f' => $"\\u{(int)character:X4}",
        _ => character.ToString(),
    }))}\"";

    [GeneratedRegex("^# (?<key>db|openclaw-home|openclaw-bin|timezone) = [^#\n]*#(?<comment>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TopLine();
}
