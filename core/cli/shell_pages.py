"""Shell pages: completion scripts and the man page, both made from the argument parser."""

import argparse
from collections.abc import Iterator, Mapping

from core.base.i18n import _
from core.base.settings.app_settings import ALL_SETTINGS
from core.cli.console import PROGRAM

SHELLS = ("bash", "zsh", "fish", "powershell")
NAME_KINDS = ("folders", "models", "chats")
"""What scripts ask the program for the names of, by “completion KIND”."""


class ShellChoices(tuple[str, ...]):
    """The shells; what their scripts ask for is taken, too, and is no matter of a person."""

    __slots__ = ()

    def __contains__(self, word: object) -> bool:
        return super().__contains__(word) or word in NAME_KINDS


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


def word_choices(parser: argparse.ArgumentParser) -> dict[str, tuple[str, ...]]:
    """Return what can be typed in a place ("completion") or behind an option ("ask --preset")."""
    found: dict[str, tuple[str, ...]] = {}
    for path, command in _all_commands(parser):
        for action in _visible(command):
            if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - has no public name
                continue
            words = tuple(str(each) for each in action.choices or ())
            if path == "settings" and action.dest in {"key", "reset"}:
                words = tuple(each.key for each in ALL_SETTINGS)
            if words:
                names = action.option_strings or [""]
                found |= {f"{path} {name}".strip(): words for name in names}
    return found


def valued_options(parser: argparse.ArgumentParser) -> tuple[str, ...]:
    """Return the options that have a value behind them, in every command that knows them."""
    valued: dict[str, None] = {}
    plain: set[str] = set()
    for command in (parser, *(each for _path, each in _all_commands(parser))):
        for action in _visible(command):
            if action.nargs == 0:
                plain.update(action.option_strings)
            else:
                valued |= dict.fromkeys(action.option_strings)
    return tuple(option for option in valued if option not in plain)


def completion_script(parser: argparse.ArgumentParser, shell: str) -> str:
    """Return what a shell reads to complete commands, options, their values and names."""
    if shell == "fish":
        return _fish(parser)
    if shell == "powershell":
        return _powershell(parser)
    script = _bash(parser)
    return f"autoload -U +X bashcompinit && bashcompinit\n{script}" if shell == "zsh" else script


_BASH_END = (
    "  COMPREPLY=()\n"
    '  if [[ -n "$kind" ]]; then\n'
    "    while IFS=$'\\t' read -r word next; do\n"
    '      [[ "$word" == "$typed"* ]] && COMPREPLY+=("$(printf %q "$word")")\n'
    f'    done < <({PROGRAM} "${{root[@]}}" completion "$kind" 2>/dev/null)\n'
    "  else\n"
    "    for word in $words; do\n"
    '      [[ "$word" == -* && "$typed" != -* ]] && continue\n'
    '      [[ "$word" == "$typed"* ]] && COMPREPLY+=("$word")\n'
    "    done\n"
    "  fi\n"
    "}\n"
    f"complete -o default -F _{PROGRAM} {PROGRAM}\n"
)
"""Puts what fits of the words, or of the names of a kind, where bash looks for them."""


def _bash(parser: argparse.ArgumentParser) -> str:
    """Return a function for bash, in what zsh understands of it, too.

    Options are offered once a “-” is typed; where nothing is offered, the shell completes files.
    No variable is called “path”: zsh would look for programs there.
    """
    table, choices = command_words(parser), word_choices(parser)
    commands = " | ".join(f'"{path}"' for path in table if path)
    valued = " | ".join(valued_options(parser))
    places = {path: words for path, words in choices.items() if path in table}
    behind = {path: words for path, words in choices.items() if path not in table}
    return (
        f"_{PROGRAM}() {{\n"
        '  local place="" words="" kind="" word="" next="" number=1 typed="" before=""\n'
        "  local -a root\n"
        '  typed="${COMP_WORDS[$COMP_CWORD]}"\n'
        '  typed="${typed//\\\\/}"\n'
        "  while [ $number -lt $COMP_CWORD ]; do\n"
        '    before="$word"; word="${COMP_WORDS[$number]}"\n'
        '    [ "$before" = --root ] && root=(--root "$word")\n'
        '    next="${place:+$place }$word"\n'
        f'    case "$next" in {commands}) place="$next" ;; esac\n'
        "    number=$((number+1))\n"
        "  done\n"
        f'  case "$place" in\n{_cases(table, "words")}  esac\n'
        '  if [[ "$typed" != -* ]]; then\n'
        f'    case "$place" in\n{_cases(places, "words")}    esac\n'
        f'    case "$place" in\n{_cases(named_places(parser), "kind")}    esac\n'
        "  fi\n"
        f'  case "$word" in {valued}) words="" kind="" ;; esac\n'
        f'  case "$word" in\n{_cases(_OPTIONS, "kind")}  esac\n'
        f'  case "$place $word" in\n{_cases(behind, "words")}  esac\n'
        f"{_BASH_END}"
    )


def _cases(rows: Mapping[str, str | tuple[str, ...]], variable: str) -> str:
    """Return a line for each row: what sets a variable of bash there."""
    values = {key: each if isinstance(each, str) else " ".join(each) for key, each in rows.items()}
    return "".join(f'    "{key}") {variable}="{value}" ;;\n' for key, value in values.items())


def _fish(parser: argparse.ArgumentParser) -> str:
    table, places, choices = command_words(parser), named_places(parser), word_choices(parser)
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
        f"function __{PROGRAM}_names",
        "  set -l words (commandline -opc)",
        "  set -l root",
        "  if set -l place (contains -i -- --root $words)",
        "    set root --root $words[(math $place + 1)]",
        "  end",
        f"  {PROGRAM} $root completion $argv[1] 2>/dev/null",
        "end",
    ]
    for path, command in (("", parser), *_all_commands(parser)):
        here = f"complete -c {PROGRAM} -n \"__{PROGRAM}_path '{path}'\""
        offered = [*_children(command), *choices.get(path, ())]
        if kind := places.get(path):
            offered.append(f"(__{PROGRAM}_names {kind})")
        if offered:
            lines.append(f"{here} -f -a '{' '.join(offered)}'")
        lines += [f"{here} {each}" for each in _fish_options(command, path, choices)]
    return "\n".join(lines) + "\n"


def _fish_options(
    command: argparse.ArgumentParser, path: str, choices: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    """Yield what fish is told of each option."""
    for action in _visible(command):
        names = [
            f"-l {o[2:]}" if o.startswith("--") else f"-s {o[1:]}" for o in action.option_strings
        ]
        if not names:
            continue
        last = action.option_strings[-1]
        words = " ".join(choices.get(f"{path} {last}", ()))
        if last in _OPTIONS:
            words = f"(__{PROGRAM}_names {_OPTIONS[last]})"
        value = "" if action.nargs == 0 else f" -x -a '{words}'" if words else " -r"
        about = str(action.help or "").replace("%%", "%").replace("\\", "").replace("'", "\\'")
        yield f"{' '.join(names)}{value} -d '{about}'"


def _powershell(parser: argparse.ArgumentParser) -> str:
    named = "\n".join(
        f"    '{path}' = '{kind}'" for path, kind in (_OPTIONS | named_places(parser)).items()
    )
    return (
        f"Register-ArgumentCompleter -Native -CommandName {PROGRAM} -ScriptBlock {{\n"
        "  param($typed, $line, $cursor)\n"
        f"  $table = @{{\n{_lists(command_words(parser))}\n  }}\n"
        f"  $choices = @{{\n{_lists(word_choices(parser))}\n  }}\n"
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
        '  $words = $choices["$path $last"]\n'
        "  if (-not $words -and $typed -notlike '-*') { $words = $choices[$path] }\n"
        "  if (-not $words) { $words = $table[$path] }\n"
        "  $words | Where-Object {\n"
        "    $_ -like \"$typed*\" -and ($typed -like '-*' -or $_ -notlike '-*')\n"
        "  }\n"
        "}\n"
    )


def _lists(rows: Mapping[str, tuple[str, ...]]) -> str:
    """Return the entries of a table of PowerShell."""
    return "\n".join(
        f"    '{path}' = @({', '.join(repr(word) for word in words)})"
        for path, words in rows.items()
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
