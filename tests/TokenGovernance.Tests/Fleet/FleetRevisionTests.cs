using System.Security.Cryptography;
using System.Text;
using TokenGovernance.Fleet;

namespace TokenGovernance.Tests.Fleet;

/// <summary>Fleets that are there are told that views or indexes changed: by the revision, which has to be raised.</summary>
public sealed class FleetRevisionTests
{
    [Fact]
    public void AnotherScriptHasAnotherRevision()
    {
        var script = FleetSchema.Script(byMonth: true, withCitus: false).ReplaceLineEndings("\n");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script)))[..16];

        (FleetSchema.Revision, hash).Should().Be((2, "cacb5cd1af2a0b40"), "who changes views or indexes raises FleetSchema.Revision, then notes both here");
    }
}
