"""Shell pages: completion scripts and the man page, both made from the argument parser."""

import argparse
from collections.abc import Iterator, Mapping

from core.base.i18n import _
from core.cli.console import PROGRAM

SHELLS = ("bash", "zsh", "fish", "powershell")
NAME_KINDS = ("folders", "models", "chats")
"""What scripts ask the program for the names of, by “completion KIND”."""
_OPTIONS = {
    "--folder": "folders",
    "--model": "models",
    "--judge": "models",
    "--chat": "chats",
}
_PLACES = {("folder", "name"): "folders", ("eval", "name"): "folders", ("mcp", "names"): "folders"}
_PLACES |= {("model", "ref"): "models", ("chat", "id"): "chats", ("chat", "ids"): "chats"}


def command_words(parser: argparse.ArgumentParser, path: str = "") -> dict[str, tuple[str, ...]]:
    """Return for each command ("" for the program, "chat list") what can be typed after it."""
    words = [flag for action in _visible(parser) for flag in action.option_strings]
    found: dict[str, tuple[str, ...]] = {}
    for name, child in _children(parser).items():
        words.append(name)
        found |= command_words(child, f"{path} {name}".strip())
    return {path: tuple(words)} | found


def named_places(parser: argparse.ArgumentParser) -> dict[str, str]:
    """Return of which kind the names are that a command takes, by its path."""
    return {
        path: _PLACES[path.partition(" ")[0], action.dest]
        for path, command in _all_commands(parser)
        for action in _visible(command)
        if not action.option_strings and (path.partition(" ")[0], action.dest) in _PLACES
    }


def completion_script(parser: argparse.ArgumentParser, shell: str) -> str:
    """Return what a shell reads to complete commands and options."""
    table, places = command_words(parser), named_places(parser)
    if shell == "fish":
        return _fish(table, places)
    if shell == "powershell":
        return _powershell(table, places)
    script = _bash(table, places)
    return f"autoload -U +X bashcompinit && bashcompinit\n{script}" if shell == "zsh" else script


def _bash(table: Mapping[str, tuple[str, ...]], places: Mapping[str, str]) -> str:
    rows = [(path, " ".join(words)) for path, words in table.items()]
    cases = "\n".join(f'    "{path}") words="{words}" ;;' for path, words in rows)
    commands = " | ".join(f'"{path}"' for path in table if path)
    options = "\n".join(f"    {option}) kind={kind} ;;" for option, kind in _OPTIONS.items())
    named = "\n".join(f'    "{path}") kind={kind} ;;' for path, kind in places.items())
    return (
        f"_{PROGRAM}() {{\n"
        '  local path="" words="" kind="" word next typed="${COMP_WORDS[COMP_CWORD]}"\n'
        '  typed="${typed//\\\\/}"\n'
        '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do\n'
        '    next="${path:+$path }$word"\n'
        f'    case "$next" in {commands}) path="$next" ;; esac\n'
        "  done\n"
        f'  case "$path" in\n{cases}\n  esac\n'
        f'  case "$path" in\n{named}\n  esac\n'
        '  [[ "$typed" == -* ]] && kind=""\n'
        f'  case "${{COMP_WORDS[COMP_CWORD-1]}}" in\n{options}\n  esac\n'
        "  COMPREPLY=()\n"
        '  if [[ -n "$kind" ]]; then\n'
        "    while IFS=$'\\t' read -r word _; do\n"
        '      [[ "$word" == "$typed"* ]] && COMPREPLY+=("$(printf %q "$word")")\n'
        f'    done < <({PROGRAM} completion "$kind" 2>/dev/null)\n'
        "  else\n"
        '    COMPREPLY=($(compgen -W "$words" -- "$typed"))\n'
        "  fi\n"
        "}\n"
        f"complete -o default -F _{PROGRAM} {PROGRAM}\n"
    )


def _fish(table: Mapping[str, tuple[str, ...]], places: Mapping[str, str]) -> str:
    commands = " ".join(f"'{path}'" for path in table if path)
    lines = [
        f"function __{PROGRAM}_path",
        "  set -l path ''",
        "  for word in (commandline -opc)[2..]",
        '    set -l next (string trim "$path $word")',
        f'    contains -- "$next" {commands}; and set path $next',
        "  end",
        '  test "$path" = "$argv[1]"',
        "end",
        *(
            f"complete -c {PROGRAM} -n \"__{PROGRAM}_path '{path}'\" -a '{' '.join(words)}'"
            for path, words in table.items()
        ),
        *(
            f"complete -c {PROGRAM} -f -n \"__{PROGRAM}_path '{path}'\""
            f" -a '({PROGRAM} completion {kind} 2>/dev/null)'"
            for path, kind in places.items()
        ),
        *(
            f"complete -c {PROGRAM} -l {option[2:]} -x"
            f" -a '({PROGRAM} completion {kind} 2>/dev/null)'"
            for option, kind in _OPTIONS.items()
        ),
    ]
    return "\n".join(lines) + "\n"


def _powershell(table: Mapping[str, tuple[str, ...]], places: Mapping[str, str]) -> str:
    rows = "\n".join(
        f"    '{path}' = @({', '.join(repr(word) for word in words)})"
        for path, words in table.items()
    )
    named = "\n".join(
        f"    '{path}' = '{kind}'" for path, kind in (_OPTIONS | dict(places)).items()
    )
    return (
        f"Register-ArgumentCompleter -Native -CommandName {PROGRAM} -ScriptBlock {{\n"
        "  param($typed, $line, $cursor)\n"
        f"  $table = @{{\n{rows}\n  }}\n"
        f"  $named = @{{\n{named}\n  }}\n"
        "  $path = ''; $last = ''\n"
        "  foreach ($word in $line.CommandElements | Select-Object -Skip 1) {\n"
        '    $next = "$path $word".Trim()\n'
        "    if ($table.ContainsKey($next)) { $path = $next }\n"
        '    if ("$word" -ne $typed) { $last = "$word" }\n'
        "  }\n"
        "  $kind = $named[$path]\n"
        "  if ($typed -like '-*') { $kind = $null }\n"
        "  if ($last -like '--*' -and $named.ContainsKey($last)) { $kind = $named[$last] }\n"
        "  if ($kind) {\n"
        f'    {PROGRAM} completion $kind 2>$null | ForEach-Object {{ ($_ -split "`t")[0] }} |\n'
        '      Where-Object { $_ -like "$typed*" } |\n'
        "      ForEach-Object { if ($_ -match '\\s') { \"'$_'\" } else { $_ } }\n"
        "    return\n"
        "  }\n"
        '  $table[$path] | Where-Object { $_ -like "$typed*" }\n'
        "}\n"
    )


def man_page(parser: argparse.ArgumentParser) -> str:
    """Return the manual page in roff."""
    lines = [
        f".TH {PROGRAM.upper()} 1",
        f".SH {_roff(_('NAME'))}",
        f"{PROGRAM} \\- {_roff(parser.description or '')}",
        f".SH {_roff(_('COMMANDS'))}",
    ]
    for path, command in _all_commands(parser):
        lines += [f".SS {PROGRAM} {path}", _roff(command.description or "")]
        for action in _visible(command):
            if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - has no public name
                continue
            value = action.metavar or action.dest if action.nargs != 0 else ""
            names = ", ".join(action.option_strings)
            label = f"{names} {value}".strip()
            lines += [".TP", f"\\fB{_roff(label)}\\fR", _roff(action.help or "")]
    return "\n".join(lines) + "\n"


def _all_commands(
    parser: argparse.ArgumentParser, path: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for name, child in _children(parser).items():
        whole = f"{path} {name}".strip()
        yield whole, child
        yield from _all_commands(child, whole)


def _visible(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    actions = parser._actions  # noqa: SLF001 - argparse tells of them nowhere else
    return [action for action in actions if action.help != argparse.SUPPRESS]


def _children(parser: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    """Return the commands of a parser by name, without second names."""
    found: dict[str, argparse.ArgumentParser] = {}
    for action in parser._actions:  # noqa: SLF001 - as above
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - has no public name
            for name, child in action.choices.items():
                if child not in found.values():
                    found[name] = child
    return found


def _roff(text: object) -> str:
    """Return text without what roff takes for a command of its own."""
    escaped = str(text).replace("\\", "\\e").replace("-", "\\-").replace("%%", "%")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped
