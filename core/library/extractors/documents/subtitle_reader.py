"""Subtitle reader (.srt, .vtt): what is said, in parts under the time at which each begins."""

import html
import re

from core.library.extractors.documents.page_builder import PageBuilder
from core.library.extractors.documents.plain_text_reader import read_text
from core.messages import DocumentPage

_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMES = re.compile(rf"^[ \t]*({_TIME})[ \t]+-->[ \t]+{_TIME}.*$")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_MARKUP = re.compile(r"</?[a-zA-Z0-9][^<>]*>|\{\\[^{}]*\}")
_SECONDS = 60
"""Of a film that make one part: as much as is said in a paragraph or two."""


def read_subtitles(text: str) -> tuple[DocumentPage, ...]:
    """Return what is said, without numbers, times and markup, a part for each minute.

    A file without any time is read as plain text.
    """
    cues = _cues(text)
    if not cues:
        return read_text(text)
    builder = PageBuilder()
    said: list[str] = []
    part_line, part_begin = 1, -_SECONDS
    for line, begin, words in cues:
        seconds = _seconds(begin)
        if seconds >= part_begin + _SECONDS or seconds < part_begin:
            builder.add_text("\n".join(said), part_line)
            builder.add_heading(1, re.sub(r"[.,]\d+$", "", begin))
            said, part_line, part_begin = [], line, seconds
        said.append(words)
    builder.add_text("\n".join(said), part_line)
    return builder.build_pages()


def _cues(text: str) -> list[tuple[int, str, str]]:
    """Return of each cue that says anything its line in the file, its begin and its words."""
    cues: list[tuple[int, str, list[str]]] = []
    is_open = False
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if match := _TIMES.match(line):
            cues.append((number, match[1], []))
            is_open = True
        elif not line.strip():
            is_open = False
        elif is_open:
            cues[-1][2].append(_plain(line))
    said = ((number, begin, _joined(lines)) for number, begin, lines in cues)
    return [cue for cue in said if cue[2]]


def _joined(lines: list[str]) -> str:
    """Return the lines of a cue as one, those of several speakers each on its own."""
    text = ""
    for line in filter(None, lines):
        text += ("\n" if line.startswith(("-", "–")) else " ") + line
    return text.strip()


def _plain(line: str) -> str:
    line = _VOICE.sub(lambda match: f"{match[1].strip()}: ", line)
    return " ".join(html.unescape(_MARKUP.sub("", line)).split())


def _seconds(time: str) -> int:
    seconds = 0
    for part in re.split("[.,]", time)[0].split(":"):
        seconds = 60 * seconds + int(part)
    return seconds
