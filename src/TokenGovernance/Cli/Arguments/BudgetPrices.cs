using System.CommandLine;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw;

namespace TokenGovernance.Cli.Arguments;

/// <summary>List prices for budgets that estimate what has no price: those of OpenClaw's homes, then those of a file of the user's.</summary>
/// <param name="homes">Full paths.</param>
/// <param name="file">Full path of a file in LiteLLM's format; NULL: there is none.</param>
/// <param name="tell">Is told, once, what is wrong with them.</param>
sealed class BudgetPrices(IReadOnlyList<string> homes, string? file, Action<string> tell)
{
    readonly HashSet<string> _told = new(StringComparer.Ordinal);
    FileStat[] _stats = [];
    PriceList? _prices;

    /// <summary>What reads the prices that the budgets of a configuration need; NULL if they need none.</summary>
    public static Func<PriceList>? Of(ParseResult parse, Settings settings, Action<string> tell, Option<string[]>? home = null) =>
        settings.Budgets.Any(budget => budget.IsEstimated)
            ? new BudgetPrices(parse.HomePaths(home), settings.Prices is { } file ? DefaultPaths.Expand(file) : null, tell).Read
            : null;

    /// <summary>The prices, read again where a file changed. What cannot be read has no prices: then usage counts as what it is, unpriced.</summary>
    public PriceList Read()
    {
        FileStat[] stats = [.. homes.Select(OpenClawConfiguration.PathOf).Concat(file is null ? [] : [file]).Select(FileStat.Of)];
        if (_prices is null || !stats.AsSpan().SequenceEqual(_stats))
        {
            (_prices, _stats) = (ReadAll(), stats);
        }

        foreach (var note in _prices.Notes.Where(_told.Add))
        {
            tell(note);
        }

        return _prices;
    }

    PriceList ReadAll()
    {
        var prices = new PriceList();
        foreach (var home in homes)
        {
            PriceReader.AddOpenClaw(prices, home);
        }

        if (file is not null)
        {
            AddFile(prices, file);
        }

        return prices;
    }

    static void AddFile(PriceList prices, string file)
    {
        // Whoever opens a pipe waits for its writer.
        if (FileStat.Of(file).Kind is not FileKind.File and var kind)
        {
            prices.Notes.Add($"{file} {(kind is FileKind.Missing ? "is not there" : "is not a regular file")}: no prices from it.");

            return;
        }

        try
        {
            PriceReader.AddPriceFile(prices, file);
        }
        catch (UserFacingException e)
        {
            prices.Notes.Add(e.Message);
        }
    }
}
