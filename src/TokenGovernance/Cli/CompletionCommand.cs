using System.CommandLine;
using TokenGovernance.Cli.Arguments;

namespace TokenGovernance.Cli;

/// <summary>`completion`: prints the script that makes a shell complete verbs, options and values.</summary>
/// <remarks>The scripts hold no names: they ask the program each time, with the directive `[suggest:position]` of System.CommandLine.</remarks>
static class CompletionCommand
{
    static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _token_governance() {
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$("${1/#\~/$HOME}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _token_governance token-governance
            """,
        ["zsh"] = """
            _token_governance() {
              local line="${(j: :)words[1,CURRENT]}"
              local -a suggestions=(${(f)"$("${words[1]/#\~/$HOME}" "[suggest:${#line}]" "$line" 2>/dev/null)"})
              if (( $#suggestions )); then compadd -a suggestions; else _files; fi
            }
            (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
            compdef _token_governance token-governance
            """,
        ["fish"] = """
            function __token_governance_suggest
                set -l line (commandline -cp)
                token-governance "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c token-governance -n __fish_use_subcommand -f
            complete -c token-governance -a '(__token_governance_suggest)'
            """,
        ["powershell"] = """
            Register-ArgumentCompleter -Native -CommandName token-governance, token-governance.exe -ScriptBlock {
                param($word, $ast, $cursor)
                $position = $cursor - $ast.Extent.StartOffset
                & token-governance "[suggest:$position]" "$ast".PadRight($position) 2>$null |
                    Where-Object { $_ -and $_.StartsWith($word) } |
                    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }
            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "The shell: bash, zsh, fish or powershell.", HelpName = "shell" };
        shell.AcceptOnly("completion", [.. Scripts.Keys]);
        var command = new Command("completion", "Print a script that makes your shell complete verbs, options and values.") { shell };
        command.SetAction(parse => parse.InvocationConfiguration.Output.WriteLine(Scripts[parse.GetRequiredValue(shell)].ReplaceLineEndings("\n")));

        return command.WithExamples("token-governance completion bash", "token-governance completion powershell");
    }
}
