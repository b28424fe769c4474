"""Suggested questions to a folder, made of the titles and headings of its files without a model."""

from collections.abc import Sequence

from core.base.i18n import _
from core.base.lazy_regex import lazy_pattern
from core.messages import FoundFile

_SHORTEST, _LONGEST = 4, 60
"""Letters of a title that reads well in a question."""
_SPACES = lazy_pattern(r"[\s_]+")
_TELLING = lazy_pattern(r"[^\W\d_]{3,}")


def suggest_questions(files: Sequence[FoundFile]) -> tuple[str, ...]:
    """Return three questions, the files changed last first; none where no file has been read."""
    read = [each for each in files if each.words]
    titles = list(dict.fromkeys(filter(None, map(_title, read))))
    if not titles:
        return ()
    questions = [_("Summarise the document “{title}”.").format(title=titles[0])]
    for file in read:
        heading = _heading(file)
        if heading:
            text = _("What does “{title}” say about “{heading}”?")
            questions.append(text.format(title=_title(file), heading=heading))
            break
    if len(titles) > 1:
        text = _("Compare the documents “{first}” and “{second}”.")
        questions.append(text.format(first=titles[0], second=titles[1]))
        text = _("What are the key points of the document “{title}”?")
        questions.append(text.format(title=titles[1]))
    questions += [_("What is in my folder?"), _("Which files could not be read?")]
    return tuple(questions[:3])


def _title(file: FoundFile) -> str:
    """Return the first heading of a file, else its name without the ending; "" for neither."""
    heading = _SPACES.sub(" ", file.title.partition(" > ")[0]).strip()
    stem = _SPACES.sub(" ", file.file.rpartition("/")[2].rpartition(".")[0]).strip()
    return next((each for each in (heading, stem) if _reads_well(each)), "")


def _heading(file: FoundFile) -> str:
    """Return a heading under the title, "" if there is none that says something."""
    _first, _between, rest = file.title.partition(" > ")
    heading = _SPACES.sub(" ", rest.rpartition(" > ")[2]).strip()
    is_numbered = any(sign.isdigit() for sign in heading)  # “Part 1” tells nothing
    return heading if _title(file) and _reads_well(heading) and not is_numbered else ""


def _reads_well(title: str) -> bool:
    return _SHORTEST <= len(title) <= _LONGEST and _TELLING.search(title) is not None
