"""HTML export: chats as one page that loads nothing, with all text escaped."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from core.base.i18n import _
from core.chat.conversations.conversation import Conversation, Role, Source, Turn
from core.chat.export.export_labels import (
    CONTRARY_SIGN,
    ending_label,
    format_time,
    marks_legend,
    source_location,
    speaker_name,
    with_citation_marks,
)

_OPEN, _CLOSE = "\ue000", "\ue001"
"""Private characters around a citation's number until the Markdown is HTML; removed from text."""
_MARK = re.compile(f"{_OPEN}({CONTRARY_SIGN}?)(\\d+){_CLOSE}")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000\ue001\u202a-\u202e\u2066-\u2069]")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
h2 small, .note, .place { font-weight: normal; opacity: .75; }
.question { border-left: 4px solid #b5622f; padding-left: 1rem; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid #888888; border-radius: 6px; }
table { border-collapse: collapse; } td, th { border: 1px solid #888888; padding: .25rem .5rem; }
blockquote { margin: .5rem 0; padding-left: 1rem; border-left: 2px solid #888888; }
a.cite { text-decoration: none; font-weight: 600; } .passage { white-space: pre-wrap; }
"""


def chats_to_html(chats: Sequence[Conversation], *, sources: bool) -> str:
    """Return all chats as one page."""
    title = chats[0].title if len(chats) == 1 else _("Chats")
    body = [part for place, chat in enumerate(chats) for part in _chat(chat, place, sources)]
    head = (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{_text(title)}</title>\n<style>{_STYLE}</style></head>\n<body>\n"
    )
    return head + "\n".join(body) + "\n</body></html>\n"


def _chat(chat: Conversation, place: int, sources: bool) -> Iterator[str]:  # noqa: FBT001 - of this file
    yield f"<h1>{_text(chat.title)}</h1>"
    if chat.chat_style.system:
        yield f'<p class="note">{_text(_("Instructions"))}: {_lines(chat.chat_style.system)}</p>'
    for number, turn in enumerate(chat.path()):
        if turn.role is not Role.SYSTEM:
            yield from _turn(turn, f"c{place}t{number}", sources=sources)


def _turn(turn: Turn, anchor: str, *, sources: bool) -> Iterator[str]:
    ended = ending_label(turn)
    label = f"{format_time(turn.created)} ({ended})" if ended else format_time(turn.created)
    yield f"<h2>{_text(speaker_name(turn))} <small>{_text(label)}</small></h2>"
    if turn.role is Role.USER:
        yield f'<div class="question"><p>{_lines(turn.text)}</p></div>'
    else:
        yield f"<div>{_answer(turn, anchor, sources=sources)}</div>"
    if sources and (legend := marks_legend(turn)):
        yield f'<p class="note">{_text(legend)}</p>'
    if turn.note:
        yield f'<p class="note">{_text(turn.note)}</p>'
    if sources and turn.sources:
        yield f"<p><b>{_text(_('Sources'))}</b></p>"
        yield from (_source(source, anchor) for source in turn.sources)


def _answer(turn: Turn, anchor: str, *, sources: bool) -> str:
    clean = _UNFIT.sub("\ufffd", turn.text)
    if not sources:
        return str(_parser().render(clean))
    own = Turn(
        turn_id="",
        parent_id=None,
        role=turn.role,
        state=turn.state,
        text=clean,
        created=0.0,
        citations=turn.citations,
        sentences=turn.sentences,
    )
    html = str(_parser().render(with_citation_marks(own, _OPEN, _CLOSE)))
    return _MARK.sub(rf'<a class="cite" href="#{anchor}s\2">[\1\2]</a>', html)


def _source(source: Source, anchor: str) -> str:
    return (
        f'<div id="{anchor}s{source.n}"><span class="place">[{source.n}] '
        f"{_text(source_location(source))}</span>"
        f'<blockquote class="passage">{_lines(source.text)}</blockquote></div>'
    )


def _text(words: str) -> str:
    return escape(_UNFIT.sub("\ufffd", " ".join(words.split())))


def _lines(words: str) -> str:
    return escape(_UNFIT.sub("\ufffd", words.strip())).replace("\n", "<br>")


@cache
def _parser() -> MarkdownIt:
    """Return the parser: no HTML of the model's, no pictures, links to the web and to mail only."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
    parser.enable(["table", "strikethrough"])
    parser.add_render_rule("image", _image)
    parser.add_render_rule("link_open", _link)
    return parser


def _image(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType
) -> str:
    return escape(renderer.renderInlineAsText(tokens[place].children, options, env))


def _link(
    _renderer: RendererHTML,
    tokens: Sequence[Token],
    place: int,
    _options: OptionsDict,
    _env: EnvType,
) -> str:
    """Write a link with its whole address to be seen; one without an address does nothing."""
    address = str(tokens[place].attrGet("href") or "")
    if "%EE%80%8" in address or not address.lower().startswith(("http://", "https://", "mailto:")):
        return "<a>"
    plain = escape(address)
    return f'<a href="{plain}" title="{plain}" rel="noreferrer noopener">'
