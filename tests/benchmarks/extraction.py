"""Prints what the extractors read: the share of must_contain found, and how hostile files end."""

import argparse
import csv
import re
import sys
import tempfile
import time
import unicodedata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from core.library.reading.file_reader import FileReader, FileReadResult

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def main() -> None:
    """Read every file of the manifest in extractor children."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="with manifest.tsv, good/ and hostile/")
    folder: Path = parser.parse_args().folder
    with (folder / "manifest.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    readings = _read_all(folder, [row["file"] for row in rows])
    found = good = 0
    for row in rows:
        reading, seconds = readings[row["file"]]
        text = "\n".join(f"{page.heading}\n{page.text}" for page in reading.pages)
        wanted = "" if row["must_contain"] == "-" else row["must_contain"]
        has = _fold(wanted) in _fold(text)
        if row["file"].startswith("good/"):
            good, found = good + 1, found + has
        verdict = reading.code or ("ok" if has else "MISSED")
        pages = len(reading.pages)
        how = "scan" if any(page.recognized for page in reading.pages) else reading.encoding
        line = f"{verdict:18} {seconds:6.2f} s {len(text):8} characters {pages:4} pages {how:9}"
        sys.stdout.write(f"{line}  {row['file']}\n")
    sys.stdout.write(f"\nmust_contain found: {found} of {good} ({found / good:.1%})\n")


def _read_all(folder: Path, names: list[str]) -> dict[str, tuple[FileReadResult, float]]:
    """Read one file after the other, so that each has its own time."""
    reader = FileReader(Path(tempfile.mkdtemp()) / "extractor.log", lambda: None)
    readings: dict[str, tuple[FileReadResult, float]] = {}
    for name in names:
        started = time.perf_counter()
        reader.submit_file(name, str(folder / name))
        while reader.open_files:
            for reading in reader.poll():
                readings[reading.key] = reading, time.perf_counter() - started
            time.sleep(0.005)
    reader.stop()
    return readings


def _fold(text: str) -> str:
    folded = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())


if __name__ == "__main__":
    main()
