namespace TokenGovernance.Configuration;

/// <summary>A commented configuration file to begin with.</summary>
static class ExampleFile
{
    /// <summary>All that a file may say, commented out: as it is, it says nothing.</summary>
    public const string Text = """
        # Token Governance: the configuration file, TOML. Everything in it is optional, and an option on the command line
        # wins over it. Check it with: token-governance config check

        # db = "~/.local/share/token-governance/token_usage.db"    # the store; $TOKEN_GOVERNANCE_DB wins over this
        # openclaw-home = ["~/.openclaw"]                          # one or several; $OPENCLAW_STATE_DIR wins over this
        # openclaw-bin = "openclaw"                                # the program; $TOKEN_GOVERNANCE_OPENCLAW_BIN wins over this
        # timezone = "Europe/Vienna"                               # whose days and months; the machine's if it is not said

        # [collect]                     # the options of `collect`
        # interval-sec = 1              # seconds between two passes
        # status-every = 30             # passes between two quota readings
        # no-status = false             # true: openclaw is not run for quotas
        # agent = ["main"]              # agents to ask for quotas, where there is no default one
        # status-timeout-sec = 90       # seconds that a quota reading may take
        # status-keep-min = 15          # minutes between two stored readings that are the same
        # log-format = "text"           # text or json
        # quiet = false                 # true: warnings and errors only
        # verbose = false               # true: every pass

        """;
}
