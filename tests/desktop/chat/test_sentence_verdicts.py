"""Marks behind the sentences of an answer, and the sentences of its sources that stand out."""

from core.chat.conversations.conversation import (
    Citation,
    JudgedSentence,
    SentenceVerdict,
    Source,
)
from desktop.chat.cards.verdict_legend import format_verdict_legend
from desktop.chat.controller.cited_source import (
    CitedSource,
    cited_sources,
    cited_spans,
    cited_text,
    passage_html,
)
from desktop.chat.markdown.markdown_html import render_markdown

TEXT = "The rent is 740 euros. It began in 1982. Penguins swim."
RENT, YEAR, PENGUINS = (0, 22), (23, 40), (41, 55)
PASSAGE = "It began in 1981. Pets need consent. The rent is 740 euros <net>. Nothing else."


def sentence(
    span: tuple[int, int], verdict: SentenceVerdict, n: int = 0, source: tuple[int, int] = (0, 0)
) -> JudgedSentence:
    return JudgedSentence(
        start=span[0],
        end=span[1],
        verdict=verdict,
        n=n,
        source_start=source[0],
        source_end=source[1],
    )


JUDGED = (
    sentence(RENT, SentenceVerdict.SUPPORTED, 1, (37, 65)),
    sentence(YEAR, SentenceVerdict.CONTRADICTED, 1, (0, 17)),
    sentence(PENGUINS, SentenceVerdict.UNSUPPORTED),
)
CITED = (Citation(n=1, start=0, end=22, source_start=37, source_end=65),)


def source(text: str = PASSAGE) -> Source:
    return Source(
        n=1,
        folder_id="f",
        folder="Home",
        file="lease.txt",
        path="/lease.txt",
        page=None,
        heading="",
        text=text,
        content_hash="",
        score=1.0,
    )


def test_each_verdict_has_its_mark() -> None:
    html = render_markdown(TEXT, CITED, JUDGED).html
    assert 'euros.&#8239;<a class="cite" href="cite:1@22">[1]</a>' in html
    assert '1982.&#8239;<a class="against" href="cite:!1@40">≠1</a>' in html
    assert 'swim.&#8239;<span class="unproven">°</span>' in html


def test_lines_of_code_get_no_sign() -> None:
    text = "```\nprint(penguins)\n```"
    judged = (sentence((4, 19), SentenceVerdict.UNSUPPORTED),)
    assert "°" not in render_markdown(text, (), judged).html


def test_the_legend_counts_what_is_marked() -> None:
    assert format_verdict_legend(JUDGED[:1]) == ""
    assert format_verdict_legend(JUDGED) == (
        "≠ 1 sentence that your documents contradict · ° 1 sentence that is not in the sources"
    )


def test_a_source_knows_the_sentences_that_are_cited() -> None:
    (cited,) = cited_sources([source()], CITED, JUDGED)
    assert isinstance(cited, CitedSource)
    assert cited.is_contrary
    assert [PASSAGE[slice(*span)] for span in cited_spans(cited)] == [
        "It began in 1981.",
        "The rent is 740 euros <net>.",
    ]
    assert cited_sources([source()], ()) == (source(),)


def test_a_card_begins_at_the_cited_sentence_which_stands_out() -> None:
    (cited,) = cited_sources([source()], CITED)
    assert cited_text(cited) == "The rent is 740 euros <net>."
    html = passage_html(cited, 320, "#777777")
    assert html.startswith("… ")
    assert "<b>The rent is 740 euros &lt;net&gt;.</b>" in html
    assert "Pets" not in html
    assert '<span style="color: #777777">Nothing else.</span>' in html
