using System.Text;

namespace TokenGovernance.Text;

/// <summary>Text inside Markdown.</summary>
static class MarkdownText
{
    /// <summary>Makes Markdown show a text as it is: no table cell ends in it, nothing becomes a link, a mention or HTML.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '<' or '>' or '&')
            {
                escaped.Append(c switch { '<' => "&lt;", '>' => "&gt;", _ => "&amp;" });
                continue;
            }

            if (c is '\\' or '|' or '*' or '_' or '`' or '[' or ']' or '#' or '~')
            {
                escaped.Append('\\');
            }

            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
