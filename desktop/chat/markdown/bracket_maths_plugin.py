r"""Markdown-it plugin for LaTeX in brackets: inline \( \) and display \[ \]."""

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_MOST_LINES = 60
_BEHIND = " \t.,;"


def bracket_maths_plugin(made: MarkdownIt) -> None:
    """Add both rules to a parser; the tokens are those of maths in dollars."""
    interrupted: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    made.block.ruler.before("fence", "bracket_maths", _block, interrupted)
    made.inline.ruler.before("escape", "bracket_maths_inline", _inline)


def _block(state: StateBlock, first: int, last: int, silent: bool) -> bool:  # noqa: FBT001 - as called
    begin = state.bMarks[first] + state.tShift[first]
    if not state.src.startswith("\\[", begin):
        return False
    for line in range(first, min(last, first + _MOST_LINES)):
        start = begin + 2 if line == first else state.bMarks[line]
        end = state.src.find("\\]", start, state.eMarks[line])
        if end < 0:
            continue
        if state.src[end + 2 : state.eMarks[line]].strip(_BEHIND):
            return False
        if not silent:
            token = state.push("math_block", "math", 0)
            token.block = True
            token.content = state.src[begin + 2 : end]
            token.map = [first, line + 1]
        state.line = line + 1
        return True
    return False


def _inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as called
    opening = state.src[state.pos : state.pos + 2]
    closing = {"\\(": "\\)", "\\[": "\\]"}.get(opening)
    if closing is None:
        return False
    end = state.src.find(closing, state.pos + 2, state.posMax)
    if end < 0 or "\n\n" in state.src[state.pos : end]:
        return False
    if not silent:
        kind = "math_inline" if opening == "\\(" else "math_inline_double"
        token = state.push(kind, "math", 0)
        token.content = state.src[state.pos + 2 : end]
    state.pos = end + 2
    return True
