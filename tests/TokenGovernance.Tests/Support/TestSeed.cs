using System.Globalization;

namespace TokenGovernance.Tests;

/// <summary>The seed of every random test: the same on every ordinary run, so that a failure is there again tomorrow.</summary>
/// <remarks>
///     `TOKEN_GOVERNANCE_SEED=17` repeats a failure that a test reported, `TOKEN_GOVERNANCE_SEED=random` looks for new ones: the nightly
///     job of CI does. A test that fails names the seed.
/// </remarks>
static class TestSeed
{
    const string Variable = "TOKEN_GOVERNANCE_SEED";
    const int Ordinary = 20261121;

    public static int Value { get; } = Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" => Ordinary,
        "random" => Random.Shared.Next(),
        var number => int.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture),
    };
}
