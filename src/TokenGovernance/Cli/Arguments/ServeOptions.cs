using System.CommandLine;
using System.Net;
using TokenGovernance.Configuration;
using TokenGovernance.Serving.Http;

namespace TokenGovernance.Cli.Arguments;

/// <summary>The options of `serve`: where to listen, and who is answered.</summary>
sealed class ServeOptions
{
    readonly Option<string> _listen = new Option<string>("--listen")
    {
        Description = "Where to listen. Other addresses than those of this machine need --token-file.",
        HelpName = "address:port",
        DefaultValueFactory = _ => ListenAddress.Default,
    }.NotEmpty();

    readonly Option<string?> _tokenFile = new Option<string?>("--token-file")
    {
        Description = "A file whose first line is the token that clients must send: as a bearer token or as the password of basic authentication.",
        HelpName = "file",
    }.NotEmpty();

    readonly Option<string[]> _allowHost = new Option<string[]>("--allow-host")
    {
        Description = "A further name that clients may call this server by, such as that of a reverse proxy; repeat it for several.",
        HelpName = "name",
    }.NotEmpty();

    readonly Option<bool> _noDashboard = new("--no-dashboard") { Description = "Serve no page for browsers." };

    /// <summary>Adds the options to the verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _listen, _noDashboard, _tokenFile, _allowHost })
        {
            command.Options.Add(option);
        }

        _listen.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && ListenAddress.Parse(text) is null)
            {
                result.AddError($"--listen takes {ListenAddress.Form}, not '{text}'.");
            }
        });
    }

    /// <summary>Where to listen and who is answered.</summary>
    /// <exception cref="UsageException">The address can be reached by others, and no token keeps them out.</exception>
    public ServePlan ReadPlan(ParseResult parse)
    {
        var settings = parse.Settings().Serve ?? new ServeSettings();

        return Plan(
            parse,
            settings with
            {
                Listen = parse.IsGiven(_listen) ? parse.GetValue(_listen) : settings.Listen,
                TokenFile = parse.GetValue(_tokenFile) ?? settings.TokenFile,
                AllowHosts = parse.GetValue(_allowHost) is { Length: > 0 } hosts ? hosts : settings.AllowHosts,
                NoDashboard = parse.GetValue(_noDashboard) || settings.NoDashboard,
            });
    }

    /// <summary>What a daemon is to serve; NULL: nothing.</summary>
    /// <exception cref="UsageException">The configuration names no address, or one that others reach without a token.</exception>
    public static ServePlan? ReadDaemonPlan(ParseResult parse) => parse.Settings().Serve is { } settings ? Plan(parse, settings) : null;

    static ServePlan Plan(ParseResult parse, ServeSettings settings)
    {
        var text = settings.Listen ?? ListenAddress.Default;
        var address = ListenAddress.Parse(text)
            ?? throw new UsageException($"{parse.Settings().Path}: listen in [serve] takes {ListenAddress.Form}, not '{text}'.");
        var tokenFile = settings.TokenFile is { } path ? DefaultPaths.Expand(path) : null;
        if (!ListenAddress.IsLocal(address) && tokenFile is null)
        {
            throw new UsageException(
                $"{address} can be reached from other machines: that needs --token-file. Make one: openssl rand -hex 32 > token; chmod 600 token");
        }

        return new ServePlan(address, settings.AllowHosts ?? [], tokenFile, !settings.NoDashboard);
    }
}

/// <summary>Where to listen, and who is answered.</summary>
/// <param name="Address">An address of this machine; port 0: a free one.</param>
/// <param name="AllowedHosts">Further names of the server.</param>
/// <param name="TokenFile">Full path; NULL: no token is asked for.</param>
/// <param name="WithDashboard">Also the page for browsers.</param>
sealed record ServePlan(IPEndPoint Address, IReadOnlyList<string> AllowedHosts, string? TokenFile, bool WithDashboard);
