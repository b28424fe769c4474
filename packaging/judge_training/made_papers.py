"""Made papers: letters, leases, bills, minutes and notes with facts that are known.

Of each paper come questions that it answers, questions about what its kind states but it doesn't,
and statements: right (said as written or otherwise), with the value of another thing, with a value
that stands nowhere, about what is not stated. Everything is made from own texts by a seed.
"""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any, NamedTuple

from judge_training.made_texts import (
    LANGUAGES,
    Kind,
    Thing,
    read_additions,
    read_rules,
    read_wordings,
)
from judge_training.made_values import MAKERS, Value, other_value

Row = dict[str, Any]
"""A row of a source, as `training_pairs` reads it."""

_STATED = {
    "en": ("{A} is {v}.", "{A}: {v}", "{A} is {v}, as agreed.", "Please note that {a} is {v}."),
    "de": ("{A} ist {v}.", "{A}: {v}", "Wie besprochen ist {a} {v}.", "Vermerkt ist für {a}: {v}."),
    "fr": ("{A} est {v}.", "{A} : {v}", "Comme convenu, {a} est {v}.", "{A}, c'est {v}."),
    "es": ("{A} es {v}.", "{A}: {v}", "Como se acordó, {a} es {v}.", "Consta que {a} es {v}."),
}
_SAID = {
    "en": ("{A} is {v}.", "{v} is {a}.", "{A} is given as {v}."),
    "de": ("{A} ist {v}.", "{v} ist {a}.", "Angegeben ist für {a}: {v}."),
    "fr": ("{A} est {v}.", "{v}, c'est {a}.", "Pour {a}, il est indiqué {v}."),
    "es": ("{A} es {v}.", "{v} es {a}.", "Para {a} se indica {v}."),
}
_AMOUNTS = {"money", "share", "measure", "span", "count"}
_ASKED = {
    "en": {
        "amount": ("How much is {a}?", "What is {a}?", "{b}?"),
        "time": ("When is {a}?", "What date is {a}?", "{b} when?"),
        "person": ("Who is {a}?", "What is the name of {a}?", "{b}?"),
        "": ("What is {a}?", "Which is {a}?", "{b}?"),
    },
    "de": {
        "amount": ("Wie hoch ist {a}?", "Wie viel beträgt {a}?", "{b}?"),
        "time": ("Wann ist {a}?", "Auf wann fällt {a}?", "{b}?"),
        "person": ("Wer ist {a}?", "Wie heißt {a}?", "{b}?"),
        "": ("Was ist {a}?", "Wie lautet {a}?", "{b}?"),
    },
    "fr": {
        "amount": ("À combien s'élève {a} ?", "Combien fait {a} ?", "{b} ?"),
        "time": ("Quand est {a} ?", "C'est quand, {a} ?", "{b} ?"),
        "person": ("Qui est {a} ?", "Comment s'appelle {a} ?", "{b} ?"),
        "": ("C'est quoi, {a} ?", "Qu'est-il indiqué pour {a} ?", "{b} ?"),
    },
    "es": {
        "amount": ("¿A cuánto asciende {a}?", "¿Cuánto es {a}?", "¿{b}?"),
        "time": ("¿Cuándo es {a}?", "¿Para cuándo es {a}?", "¿{b}?"),
        "person": ("¿Quién es {a}?", "¿Cómo se llama {a}?", "¿{b}?"),
        "": ("¿Cuál es {a}?", "¿Qué consta como {a}?", "¿{b}?"),
    },
}
_FILLERS = {
    "en": "Dear Sir or Madam,;Thank you for your letter.;Please keep this paper.;Kind regards;"
    "If something has changed, let us know.;The details are below.;We look forward to it."
    ";This text was made by machine and is valid without a signature.;All else stays as it was.",
    "de": "Sehr geehrte Damen und Herren,;vielen Dank für Ihre Nachricht.;Mit freundlichen Grüßen;"
    "Bitte bewahren Sie dieses Schreiben auf.;Die Einzelheiten stehen unten.;"
    "Sollte sich etwas geändert haben, melden Sie sich.;Alles Übrige bleibt unverändert.",
    "fr": "Madame, Monsieur,;Merci de votre courrier.;Veuillez conserver ce document.;"
    "Cordialement;Les détails figurent ci-dessous.;Tout le reste demeure inchangé.",
    "es": "Estimados señores:;Gracias por su carta.;Conserve este documento.;Un cordial saludo;"
    "Los detalles figuran abajo.;Todo lo demás queda igual.",
}
_YES_NO = {
    "en": ("Yes.", "No."),
    "de": ("Ja.", "Nein."),
    "fr": ("Oui.", "Non."),
    "es": ("Sí.", "No."),
}
_OTHER_LANGUAGE = 0.15
_RULES_IN_PAPER, _ADDED = 0.6, 0.3


class Fact(NamedTuple):
    """A thing with its value, and the sentence that states it."""

    thing: Thing
    value: Value
    sentence: str


class Paper(NamedTuple):
    """A made paper: its text and what is in it, and what of its kind is not."""

    kind: str
    group: str
    language: str
    text: str
    facts: list[Fact]
    missing: list[Thing]


class PaperMaker:
    """Makes papers and their rows; the same for the same `rng`."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._wordings = read_wordings()
        self._rules = read_rules()
        self._additions, self._added_things = read_additions()

    def rows(self, kind: Kind, number: int) -> Iterator[Row]:
        """Yield questions and statements of one new paper of the kind."""
        rng = self._rng
        language = rng.choice((*LANGUAGES, "en", "en", "de"))
        paper, more = self._make(kind, number, language)
        for fact in rng.sample(paper.facts, min(3, len(paper.facts))):
            yield self._question_row(paper, fact.thing, fact.value.written)
            yield from self._statements(paper, fact)
        for thing in rng.sample(paper.missing, min(3, len(paper.missing))):
            yield self._question_row(paper, thing, "")
        yield from self._about_missing(paper)
        for extra in more:
            yield from extra(paper)

    # ------------------------------------------------------------ the paper

    def _make(
        self, kind: Kind, number: int, language: str
    ) -> tuple[Paper, list[Callable[[Paper], Iterator[Row]]]]:
        rng = self._rng
        things = rng.sample(kind.things, len(kind.things))
        size = rng.randrange(3, 8)
        is_list = rng.random() < 0.35
        facts: list[Fact] = []
        for thing in things[:size]:
            known = [fact.value.said for fact in facts]
            value = other_value(thing.value_type, language, known, rng)
            facts.append(
                Fact(thing, value, self._sentence(thing, value, language, is_list=is_list))
            )
        parts, more = [fact.sentence for fact in facts], []
        for make, chance in ((self._add_rule, _RULES_IN_PAPER), (self._add_addition, _ADDED)):
            if rng.random() < chance:
                sentence, rows = make(language)
                parts.insert(rng.randrange(len(parts) + 1), sentence)
                more.append(rows)
        if not is_list:
            fillers = _FILLERS[language].split(";")
            for _more in range(rng.randrange(4)):
                parts.insert(rng.randrange(len(parts) + 1), rng.choice(fillers))
        title = kind.titles[language]
        text = rng.choice(("\n", "\n", " ") if is_list else (" ", " ", "\n")).join(parts)
        text = f"{title}\n{text}" if rng.random() < 0.6 else text
        group = f"{kind.name}:{number}"
        return Paper(kind.name, group, language, text, facts, things[size:]), more

    def _sentence(self, thing: Thing, value: Value, language: str, *, is_list: bool) -> str:
        name = thing.names[language]
        wording = self._wordings.get((language, name))
        if is_list:
            return f"{_bare(name)}{self._rng.choice((': ', ' | ', ' ', ': '))}{value.written}"
        if wording and wording.sentence and self._rng.random() < 0.6:
            return wording.sentence.format(v=value.written)
        return _filled(self._rng.choice(_STATED[language]), name, value.written)

    # ------------------------------------------------------------ what it answers

    def question(self, thing: Thing, language: str) -> str:
        """Return a question about a thing, now and then in another language than the paper's."""
        rng = self._rng
        if rng.random() < _OTHER_LANGUAGE:
            language = rng.choice(LANGUAGES)
        name = thing.names[language]
        wording = self._wordings.get((language, name))
        if wording and rng.random() < 0.6:
            return wording.question
        return _filled(rng.choice(_ASKED[language][_asked_as(thing.value_type)]), name, "")

    def _question_row(self, paper: Paper, thing: Thing, answer: str) -> Row:
        return question_row(
            paper.group, paper.language, self.question(thing, paper.language), paper.text, answer
        )

    def _statements(self, paper: Paper, fact: Fact) -> Iterator[Row]:
        rng, said = self._rng, fact.value.said
        known = [each.value.said for each in paper.facts]
        others = [
            each.value.said
            for each in paper.facts
            if each is not fact and each.thing.value_type == fact.thing.value_type
        ]
        wrong = (
            rng.choice(others)
            if others and rng.random() < 0.7
            else other_value(fact.thing.value_type, paper.language, known, rng).said
        )
        yield self._claim(paper, fact.thing, said, "supported")
        yield self._claim(paper, fact.thing, wrong, "contradicted")
        unlike = [each for each in paper.facts if each.thing.value_type != fact.thing.value_type]
        if unlike and rng.random() < 0.4:
            other = rng.choice(unlike)
            both = [
                self._said(each.thing, each.value.said, paper.language) for each in (fact, other)
            ]
            yield statement_row(paper, "", " ".join(both), "supported")
            false = self._said(
                other.thing,
                other_value(other.thing.value_type, paper.language, known, rng).said,
                paper.language,
            )
            yield statement_row(paper, "", f"{both[0]} {false}", "contradicted")

    def _about_missing(self, paper: Paper) -> Iterator[Row]:
        """Yield statements about what the paper doesn't state, mostly with a value of it."""
        rng = self._rng
        for thing in rng.sample(paper.missing, min(2, len(paper.missing))):
            alike = [f.value.said for f in paper.facts if f.thing.value_type == thing.value_type]
            value = (
                rng.choice(alike)
                if alike and rng.random() < 0.75
                else MAKERS[thing.value_type](paper.language, rng).said
            )
            yield self._claim(paper, thing, value, "unsupported")

    def _claim(self, paper: Paper, thing: Thing, value: str, label: str) -> Row:
        if self._rng.random() < 0.25:
            return statement_row(paper, self.question(thing, paper.language), f"{value}.", label)
        question = self.question(thing, paper.language) if self._rng.random() < 0.4 else ""
        return statement_row(paper, question, self._said(thing, value, paper.language), label)

    def _said(self, thing: Thing, value: str, language: str) -> str:
        name = thing.names[language]
        wording = self._wordings.get((language, name))
        if wording and self._rng.random() < 0.6:
            said = wording.statement.format(v=value)
            return said[:1].upper() + said[1:]
        return _filled(self._rng.choice(_SAID[language]), name, value)

    # ------------------------------------------------------------ rules and additions

    def _add_rule(self, language: str) -> tuple[str, Callable[[Paper], Iterator[Row]]]:
        rng = self._rng
        rule, absent = rng.sample(self._rules[language], 2)
        is_allowed = rng.random() < 0.5
        there, opposite = (
            (rule.allowed, rule.forbidden) if is_allowed else (rule.forbidden, rule.allowed)
        )
        yes, no = _YES_NO[language] if is_allowed else _YES_NO[language][::-1]

        def rows(paper: Paper) -> Iterator[Row]:
            yield question_row(paper.group, language, rule.question, paper.text, there)
            yield question_row(paper.group, language, absent.question, paper.text, "")
            yield statement_row(
                paper, rule.question, there if rng.random() < 0.3 else yes, "supported"
            )
            yield statement_row(
                paper, rule.question, opposite if rng.random() < 0.6 else no, "contradicted"
            )
            claimed = rng.choice((absent.allowed, absent.forbidden))
            yield statement_row(paper, "", claimed, "unsupported")
            yield statement_row(paper, absent.question, rng.choice((yes, no)), "unsupported")

        return there, rows

    def _add_addition(self, language: str) -> tuple[str, Callable[[Paper], Iterator[Row]]]:
        rng = self._rng
        addition = rng.choice(self._additions[language])
        thing, other = rng.sample(self._added_things[language], 2)
        value = MAKERS["money"](language, rng)
        is_on_top = rng.random() < 0.6
        there = (addition.on_top if is_on_top else addition.inside).format(x=thing, v=value.written)

        def said(text: str, what: str) -> str:
            filled = text.format(x=what, v=value.said)
            return filled[:1].upper() + filled[1:]

        def rows(paper: Paper) -> Iterator[Row]:
            on_top, inside = (
                said(rng.choice(self._additions[language]).said_on_top, thing),
                said(rng.choice(self._additions[language]).said_inside, thing),
            )
            if is_on_top:
                yield statement_row(paper, "", on_top, "supported")
                yield statement_row(paper, "", inside, "contradicted")
            else:
                yield statement_row(paper, "", inside, "supported")
                yield statement_row(paper, "", on_top, "contradicted")
            yield statement_row(paper, "", said(addition.said_inside, other), "unsupported")

        return there[:1].upper() + there[1:], rows


def question_row(group: str, language: str, question: str, text: str, answer: str) -> Row:
    """Return a question with its paper; `answer` stands in the text, "" if it isn't answered."""
    starts = [text.index(answer)] if answer and answer in text else []
    return {
        "kind": "qa",
        "source": "made-papers",
        "lang": language,
        "group": group,
        "question": question,
        "context": text,
        "answers": [answer] if starts else [],
        "starts": starts,
        "answerable": bool(answer),
        "is_exact": True,
    }


def statement_row(paper: Paper, question: str, statement: str, label: str) -> Row:
    """Return a statement with its paper."""
    return {
        "kind": "nli",
        "source": "made-papers",
        "lang": paper.language,
        "group": paper.group,
        "question": question,
        "statement": statement,
        "evidence": paper.text,
        "label": label,
    }


def _asked_as(value_type: str) -> str:
    if value_type in _AMOUNTS:
        return "amount"
    return {"date": "time", "clock": "time", "person": "person", "firm": "person"}.get(
        value_type, ""
    )


def _bare(name: str) -> str:
    """Return the name of a thing without its article, as a heading."""
    article, _space, rest = name.partition(" ")
    if article in {"the", "der", "die", "das", "le", "la", "les", "el", "los", "las"}:
        name = rest
    name = name.removeprefix("l'")
    return name[:1].upper() + name[1:]


def _filled(template: str, name: str, value: str) -> str:
    filled = template.format(A=name[:1].upper() + name[1:], a=name, b=_bare(name), v=value)
    return filled[:1].upper() + filled[1:]
