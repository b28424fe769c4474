"""Collect every sentence a person reads and compile translations, with the environment's python.

Without words behind it, it writes resources/locale/inglenook.pot anew and compiles each
resources/locale/LANGUAGE/LC_MESSAGES/inglenook.po to the .mo beside it. A new language begins with

    pybabel init -D inglenook -i resources/locale/inglenook.pot -d resources/locale -l de

and takes in new sentences with `pybabel update` and the same options.
"""

import io
import sys
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "resources" / "locale"
TEMPLATE = LOCALE / "inglenook.pot"
FOLDERS = ("core", "desktop")
KEYWORDS: Mapping[str, tuple[int, ...] | None] = {"_": None, "N_": None, "ngettext": (1, 2)}
_HEAD = "# Every sentence of Inglenook that a person reads. Made by packaging/words.py."
_DATE = b'"POT-Creation-Date'


def collected() -> Catalog:
    """Return the sentences of the program, each with the files it stands in."""
    catalog = Catalog(
        project="Inglenook", version=metadata.version("inglenook"), header_comment=_HEAD
    )
    for file in _sources():
        name = file.relative_to(ROOT).as_posix()
        found = extract_from_file("python", file, KEYWORDS, ["Translators:"], {"encoding": "utf-8"})
        for line, sentence, comments, _context in found:
            message = catalog.add(sentence, locations=[(name, line)], auto_comments=comments)
            if message.python_brace_format:  # "{percent} % is": no place for a number of "% i"
                message.flags.discard("python-format")
    return catalog


def template(catalog: Catalog) -> bytes:
    """Return the text of the .pot file, without its date: it changes with the sentences only."""
    written = io.BytesIO()
    write_po(written, catalog, width=100, sort_by_file=True, include_lineno=False)
    lines = written.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(_DATE))


def compile_all(locale: Path = LOCALE) -> list[Path]:
    """Write the .mo beside each .po below `locale`; return what was written."""
    return [_compile(file) for file in sorted(locale.rglob("*.po"))]


def _compile(file: Path) -> Path:
    with file.open("rb") as read:
        catalog = read_po(read, abort_invalid=True)
    compiled = file.with_suffix(".mo")
    with compiled.open("wb") as written:
        write_mo(written, catalog)
    return compiled


def _sources() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.py"))


def main() -> int:
    """Write everything anew and say what there is."""
    catalog = collected()
    LOCALE.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(template(catalog))
    print(f"{TEMPLATE.relative_to(ROOT)}: {len(catalog)} sentences")
    for file in compile_all():
        print(file.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
