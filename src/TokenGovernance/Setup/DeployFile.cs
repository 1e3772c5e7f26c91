using System.Reflection;
using System.Security;

namespace TokenGovernance.Setup;

/// <summary>The text of a file of `docs/deploy`, with this machine's paths put in. The files there are the only source.</summary>
sealed class DeployFile
{
    readonly string _name;
    string _text;

    /// <param name="name">Below `docs/deploy`, such as `systemd/user/token-governance.service`.</param>
    public DeployFile(string name)
    {
        _name = name;
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"TokenGovernance.Deploy/{name}")!;
        using var reader = new StreamReader(stream);
        _text = reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>What setting up writes into its files, to know them again.</summary>
    public static string Mark => "Written by 'token-governance setup'";

    /// <summary>True if a text is one that setting up wrote.</summary>
    public static bool IsOurs(string text) => text.Contains(Mark, StringComparison.Ordinal);

    /// <summary>A text as XML has it.</summary>
    public static string Xml(string text) => SecurityElement.Escape(text)!;

    /// <summary>Replaces a part that must be there.</summary>
    public DeployFile With(string part, string replacement)
    {
        if (!_text.Contains(part, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"docs/deploy/{_name} has no '{part}'.");
        }

        _text = _text.Replace(part, replacement, StringComparison.Ordinal);

        return this;
    }

    /// <summary>Replaces what lies between two parts that must be there, and both of them.</summary>
    public DeployFile WithBetween(string from, string to, string replacement)
    {
        var start = _text.IndexOf(from, StringComparison.Ordinal);
        var end = start < 0 ? -1 : _text.IndexOf(to, start, StringComparison.Ordinal);

        return end < 0
            ? throw new InvalidOperationException($"docs/deploy/{_name} has no '{from}' before a '{to}'.")
            : With(_text[start..(end + to.Length)], replacement);
    }

    public override string ToString() => _text;
}
