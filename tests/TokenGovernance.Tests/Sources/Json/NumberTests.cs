using System.Globalization;
using System.Text;
using System.Text.Json;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Tests.Sources.Json;

/// <summary>Numbers are what JavaScript makes of them, however they are written and however they are read.</summary>
public sealed class NumberTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("7")]
    [InlineData("-7")]
    [InlineData("-0")]
    [InlineData("120034")]
    [InlineData("999999999999999")]
    [InlineData("1000000000000000")]
    [InlineData("9007199254740993")]
    [InlineData("12345678901234567890")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("2E-3")]
    [InlineData("0.000001")]
    public void ANumberIsReadExactly(string text) =>
        Read(text).Should().Be(double.Parse(text, CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("1e999")]
    [InlineData("\"7\"")]
    [InlineData("null")]
    [InlineData("[7]")]
    public void WhatIsNoFiniteNumberIsUnknown(string text) => Read(text).Should().BeNull();

    static double? Read(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), JsonText.Options);
        reader.Read();

        return JsonText.ReadNumber(ref reader);
    }
}
