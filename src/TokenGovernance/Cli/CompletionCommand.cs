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
              local item line="${COMP_LINE:0:COMP_POINT}" kept="" breaks="${COMP_WORDBREAKS//[^=:]/}"
              local word="${line##*[[:space:]]}"
              # For bash a word ends at '=' and ':': it replaces only what follows.
              if [[ -n $breaks && $word == *["$breaks"]* ]]; then kept="${word%"${word##*["$breaks"]}"}"; fi
              COMPREPLY=()
              while IFS= read -r item; do
                [[ -n $item && $item == "$word"* ]] || continue
                item="${item#"$kept"}"
                # A name can hold anything: what the shell would act upon is quoted, also "!name", which stands for an earlier command.
                if [[ ${item//!=/} == *[!A-Za-z0-9_./:,=@%+-]* ]]; then item="$(printf '%q' "$item")"; fi
                COMPREPLY+=("$item")
              done < <("${1/#\~/$HOME}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
              if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
            }
            complete -o default -F _token_governance token-governance
            """,
        ["zsh"] = """
            _token_governance() {
              local line="${(j: :)words[1,CURRENT]}"
              local -a suggestions=(${(f)"$("${words[1]/#\~/$HOME}" "[suggest:${#line}]" "$line" 2>/dev/null)"})
              local -a open=(${(M)suggestions:#*=}) whole=(${suggestions:#*=})
              if (( $#suggestions )); then compadd -S '' -a open; compadd -a whole; else _files; fi
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
                    ForEach-Object {
                        # A name can hold anything: what the shell would act upon is quoted.
                        $text = $_
                        if ($text -cmatch '[^A-Za-z0-9_./:,=%+!-]') { $text = "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($text) + "'" }
                        [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $_)
                    }
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
