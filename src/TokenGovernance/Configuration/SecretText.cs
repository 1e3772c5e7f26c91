using TokenGovernance.Domain;

namespace TokenGovernance.Configuration;

/// <summary>A text that may be secret: as it stands in the file, or where it is to be found. It is never printed.</summary>
sealed class SecretText
{
    readonly string? _text, _variable, _file;

    SecretText(string? text, string? variable, string? file) => (_text, _variable, _file) = (text, variable, file);

    /// <summary>It stands in the configuration file itself.</summary>
    public bool IsInConfiguration => _text is not null;

    public static SecretText OfText(string text) => new(text, null, null);

    public static SecretText OfVariable(string name) => new(null, name, null);

    public static SecretText OfFile(string path) => new(null, null, path);

    /// <summary>Returns the text.</summary>
    /// <exception cref="UserFacingException">It is not where it should be.</exception>
    public string Read()
    {
        if (_text is not null)
        {
            return _text;
        }

        if (_variable is not null)
        {
            return Environment.GetEnvironmentVariable(_variable) is { Length: > 0 } value
                ? value
                : throw new UserFacingException($"the environment variable {_variable} is not set");
        }

        try
        {
            return File.ReadAllText(_file!).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFacingException($"{_file} cannot be read: {e.Message}", e);
        }
    }

    public override string ToString() => "(secret)";
}
