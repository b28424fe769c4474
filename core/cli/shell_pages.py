"""Shell pages: completion scripts and the man page, both made from the argument parser."""

import argparse
from collections.abc import Iterator, Mapping

from core.base.i18n import _
from core.cli.console import PROGRAM

SHELLS = ("bash", "zsh", "fish", "powershell")


def command_words(parser: argparse.ArgumentParser, path: str = "") -> dict[str, tuple[str, ...]]:
    """Return for each command ("" for the program, "chat list") what can be typed after it."""
    words = [flag for action in _visible(parser) for flag in action.option_strings]
    found: dict[str, tuple[str, ...]] = {}
    for name, child in _children(parser).items():
        words.append(name)
        found |= command_words(child, f"{path} {name}".strip())
    return {path: tuple(words)} | found


def completion_script(parser: argparse.ArgumentParser, shell: str) -> str:
    """Return what a shell reads to complete commands and options."""
    table = command_words(parser)
    if shell == "fish":
        return _fish(table)
    if shell == "powershell":
        return _powershell(table)
    script = _bash(table)
    return f"autoload -U +X bashcompinit && bashcompinit\n{script}" if shell == "zsh" else script


def _bash(table: Mapping[str, tuple[str, ...]]) -> str:
    rows = [(path, " ".join(words)) for path, words in table.items()]
    cases = "\n".join(f'    "{path}") words="{words}" ;;' for path, words in rows)
    commands = " | ".join(f'"{path}"' for path in table if path)
    return (
        f"_{PROGRAM}() {{\n"
        '  local path="" words="" word next\n'
        '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do\n'
        '    next="${path:+$path }$word"\n'
        f'    case "$next" in {commands}) path="$next" ;; esac\n'
        "  done\n"
        f'  case "$path" in\n{cases}\n  esac\n'
        '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))\n'
        "}\n"
        f"complete -o default -F _{PROGRAM} {PROGRAM}\n"
    )


def _fish(table: Mapping[str, tuple[str, ...]]) -> str:
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
    ]
    return "\n".join(lines) + "\n"


def _powershell(table: Mapping[str, tuple[str, ...]]) -> str:
    rows = "\n".join(
        f"    '{path}' = @({', '.join(repr(word) for word in words)})"
        for path, words in table.items()
    )
    return (
        f"Register-ArgumentCompleter -Native -CommandName {PROGRAM} -ScriptBlock {{\n"
        "  param($typed, $line, $cursor)\n"
        f"  $table = @{{\n{rows}\n  }}\n"
        "  $path = ''\n"
        "  foreach ($word in $line.CommandElements | Select-Object -Skip 1) {\n"
        '    $next = "$path $word".Trim()\n'
        "    if ($table.ContainsKey($next)) { $path = $next }\n"
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
