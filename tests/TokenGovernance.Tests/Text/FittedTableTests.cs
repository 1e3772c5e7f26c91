using System.Globalization;
using TokenGovernance.Text;

namespace TokenGovernance.Tests.Text;

/// <summary>What goes where a table has less room than it wants.</summary>
public sealed class FittedTableTests
{
    static readonly FittedColumn[] Columns = [new("NAME", 0, CellKind.Name), new("COST", 0), new("TOKENS", 2), new("SHARE", 5)];

    [Fact]
    public void WhatASumIsCalledIsNeverShortened()
    {
        var table = new FittedTable(
            [new("AGENT", 0, CellKind.Name), new("SESSION", 0, CellKind.Name), new("COST", 0)],
            [["a-rather-long-name-of-an-agent", "a-session-1", "$1.00"], ["another-name-of-another-agent", "a-session-2", "$1.00"], ["(101 more)", "", "$12.00"]], 30, sums: 1);

        table.Format(2, []).Should().StartWith("(101 more)").And.EndWith("$12.00");
        table.Format(0, []).Should().Contain("…");
        table.Width.Should().BeLessThanOrEqualTo(30);
    }

    [Fact]
    public void ColumnsThatAreWorthLittleMakeRoomForWholeNamesAndBars()
    {
        string[][] rows = [[new string('n', 25), "$1.00", "12.5 k", "100 %"]];

        new FittedTable(Columns, rows, 60, reserved: 10).Dropped.Should().BeEmpty();
        new FittedTable(Columns, rows, 52, reserved: 10).Dropped.Should().Equal("SHARE");
        new FittedTable(Columns, rows, 52, reserved: 10).Format(0, []).Should().StartWith(rows[0][0]);
    }

    [Fact]
    public void BarsGoBeforeANameIsShortened()
    {
        string[][] rows = [[new string('n', 38), "$1.00", "12.5 k", "100 %"]];
        var table = new FittedTable(Columns, rows, 60, reserved: 10);

        table.Format(0, []).Should().StartWith(rows[0][0]);
        table.Width.Should().BeGreaterThan(50, "no room is left for bars");
    }

    [Fact]
    public void AColumnThatWasShortenedBeforeItHadToGoIsNamedInFull()
    {
        FittedColumn[] columns = [new("NAME", 0, CellKind.Name), new("PRICES FROM", 3, CellKind.Name)];
        string[][] rows = [["a-name", "a-catalogue-of-prices-with-a-long-name"], [new string('s', 38), ""]];

        new FittedTable(columns, rows, 45, sums: 1).Dropped.Should().Equal("PRICES FROM");
    }

    [Fact]
    public void AColumnOfWordsIsWholeOrNamedBelow()
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        FittedColumn[] columns = [new("NAME", 0, CellKind.Name), new("", 9, CellKind.Chart), new("USED", 0), new("WHEN", 2, CellKind.Text)];

        FittedTable.Write(output, columns, [["openai", "████", "12 %", "2026-11-29 10:00"]], 24);

        output.ToString().Should().Be("NAME    USED\nopenai  12 %\nNot shown at this width:\nWHEN.\n");
    }
}
