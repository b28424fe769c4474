"""Made papers: letters, contracts, offers and notes with facts that are known.

Of each paper come questions that it answers, questions about what its kind states but it doesn't,
or about somebody else, and statements: right (said as written, otherwise, in another language),
with the value of another thing or of somebody else, with a value that stands nowhere, about what is
not stated. Everything is made from own texts by a seed.
"""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any, NamedTuple

from judge_training import made_phrases as phrases
from judge_training.made_texts import Kind, MadeTexts, Rule, Thing
from judge_training.made_values import Value, make_value, other_value

Row = dict[str, Any]
"""A row of a source, as `training_pairs` reads it."""
MoreRows = Callable[["Paper"], Iterator[Row]]

_AMOUNTS = {"money", "share", "measure", "span", "count"}
_ASKED_ABROAD, _SAID_ABROAD = 0.3, 0.2
"""Shares of questions and statements in another language than the paper's."""
_RULES_IN_PAPER, _ADDED, _MISSED, _DENIED = 0.6, 0.3, 0.5, 0.12
_SUBJECTS = (0, 0, 0, 0, 1, 1, 2, 2, 2)
"""Of how many persons or years a paper states the same things; 0 names none."""


class Fact(NamedTuple):
    """A thing with its value, of a person or year if there is one."""

    thing: Thing
    value: Value
    subject: Value | None


class Paper(NamedTuple):
    """A made paper: its text and what is in it, and what of its kind is not."""

    kind: str
    group: str
    language: str
    text: str
    facts: list[Fact]
    missing: list[Thing]
    subjects: list[Value]
    absent: Value | None

    def known(self) -> list[str]:
        """Return all values, as they are said."""
        return [fact.value.said for fact in self.facts]


class PaperMaker:
    """Makes papers and their rows; the same for the same `rng`."""

    def __init__(self, rng: Random, texts: MadeTexts) -> None:
        self._rng = rng
        self._texts = texts

    def rows(self, kind: Kind, number: int) -> Iterator[Row]:
        """Yield questions and statements of one new paper of the kind."""
        rng = self._rng
        paper, more = self._make(kind, number, paper_language(self._texts, rng))
        for fact in rng.sample(paper.facts, min(3, len(paper.facts))):
            yield self._question_row(paper, fact.thing, fact.subject, fact.value.written)
            yield from self._statements(paper, fact)
        for thing in rng.sample(paper.missing, min(3, len(paper.missing))):
            yield self._question_row(paper, thing, rng.choice((*paper.subjects, None)), "")
        yield from self._about_missing(paper)
        yield from self._about_absent(paper)
        for extra in more:
            yield from extra(paper)

    # ------------------------------------------------------------ the paper

    def _make(self, kind: Kind, number: int, language: str) -> tuple[Paper, list[MoreRows]]:
        rng = self._rng
        things = rng.sample(kind.things, len(kind.things))
        count = rng.choice(_SUBJECTS)
        *subjects, absent = self._subjects(count + 1, language)
        size = rng.randrange(2, 5) if count > 1 else rng.randrange(3, 8)
        facts = self._facts(things[:size], subjects or [None], language)
        is_list = rng.random() < 0.35
        parts = self._parts(facts, language, is_list=is_list)
        more: list[MoreRows] = []
        for make, chance in ((self._add_rule, _RULES_IN_PAPER), (self._add_addition, _ADDED)):
            if rng.random() < chance:
                sentence, rows = make(language)
                parts.insert(rng.randrange(len(parts) + 1) if count < 2 else 0, sentence)
                more.append(rows)
        if not is_list and count < 2:
            fillers = phrases.FILLERS[language].split(";")
            for _more in range(rng.randrange(4)):
                parts.insert(rng.randrange(len(parts) + 1), rng.choice(fillers))
        between = "\n" if is_list else "" if language == "zh" else " "
        text = rng.choice(("\n", between)).join(parts)
        if count == 1:
            text = f"{kind.titles[language]} – {subjects[0].written}\n{text}"
        elif rng.random() < 0.6:
            text = f"{kind.titles[language]}\n{text}"
        paper = Paper(
            kind.name, f"{kind.name}:{number}", language, text, facts, things[size:], subjects,
            absent if count else None,
        )  # fmt: skip
        return paper, more

    def _subjects(self, count: int, language: str) -> list[Value]:
        """Return persons or years that a paper is about, and one more that it isn't about."""
        rng = self._rng
        if rng.random() < 0.25:
            years = [str(year) for year in rng.sample(range(2012, 2027), count)]
            return [Value(year, year, dict.fromkeys(phrases.SAID, year)) for year in years]
        found: list[Value] = []
        while len(found) < count:
            known = [part for each in found for part in each.written.split()]
            person = make_value("person", language, rng)
            if not set(known) & set(person.written.replace("·", " ").split()):
                found.append(person._replace(said=person.written))
        return found

    def _facts(
        self, things: list[Thing], subjects: list[Value] | list[None], language: str
    ) -> list[Fact]:
        facts: list[Fact] = []
        for subject in subjects:
            for thing in things:
                known = [fact.value.said for fact in facts]
                value = other_value(thing.value_type, language, known, self._rng)
                facts.append(Fact(thing, value, subject))
        return facts

    def _parts(self, facts: list[Fact], language: str, *, is_list: bool) -> list[str]:
        parts, headed = [], ""
        several = len({fact.subject.written for fact in facts if fact.subject}) > 1
        in_each = self._rng.random() < 0.5 and not is_list
        for fact in facts:
            sentence = self._sentence(fact.thing, fact.value, language, is_list=is_list)
            if several and fact.subject is not None:
                if in_each:
                    about = self._rng.choice(phrases.ABOUT[language])[1]
                    sentence = about.format(s=fact.subject.written, t=sentence)
                elif headed != fact.subject.written:
                    headed = fact.subject.written
                    parts.append(f"{headed}:")
            parts.append(sentence)
        return parts

    def _sentence(self, thing: Thing, value: Value, language: str, *, is_list: bool) -> str:
        name = thing.names[language]
        wording = self._texts.wordings.get((language, name))
        if is_list:
            return f"{_bare(name)}{self._rng.choice((': ', ' | ', ' ', ': '))}{value.written}"
        if wording and wording.sentence and self._rng.random() < 0.6:
            return wording.sentence.format(v=value.written)
        return _filled(self._rng.choice(phrases.STATED[language]), name, value.written)

    # ------------------------------------------------------------ what it answers

    def question(self, thing: Thing, subject: Value | None, language: str) -> str:
        """Return a question about a thing, of somebody if there is a subject."""
        rng = self._rng
        name = thing.names[language]
        wording = self._texts.wordings.get((language, name))
        asked = _filled(rng.choice(phrases.ASKED[language][_asked_as(thing.plain_type)]), name, "")
        if wording and rng.random() < 0.6:
            asked = wording.question
        if subject is None:
            return asked
        about = rng.choice(phrases.ABOUT[language])[0]
        return about.format(s=subject.abroad[language], q=asked)

    def _question_row(self, paper: Paper, thing: Thing, subject: Value | None, answer: str) -> Row:
        rng = self._rng
        language = abroad(paper.language, _ASKED_ABROAD, self._texts, rng)
        if subject is not None and len(paper.subjects) == 1 and rng.random() < 0.5:
            subject = None
        question = self.question(thing, subject, language)
        return question_row(paper.group, paper.language, question, paper.text, answer)

    def _statements(self, paper: Paper, fact: Fact) -> Iterator[Row]:
        rng, value_type = self._rng, fact.thing.value_type
        others = [
            each.value
            for each in paper.facts
            if each.value is not fact.value
            and (each.thing.plain_type == fact.thing.plain_type)
            and (each.thing is fact.thing or each.subject is fact.subject)
        ]
        nowhere = other_value(value_type, paper.language, paper.known(), rng)
        wrong = rng.choice(others) if others and rng.random() < 0.7 else nowhere
        yield self._claim(paper, fact, fact.value, "supported")
        yield self._claim(paper, fact, wrong, "contradicted")
        if rng.random() < _DENIED:
            yield self._denied(paper, fact, fact.value, "contradicted")
            yield self._denied(paper, fact, wrong, "supported")
        unlike = [each for each in paper.facts if each.thing.plain_type != fact.thing.plain_type]
        if unlike and not paper.subjects and rng.random() < 0.4:
            other = rng.choice(unlike)
            said = [
                self._said(each.thing, each.value, paper.language, is_abroad=False)
                for each in (fact, other)
            ]
            yield statement_row(paper, "", " ".join(said), "supported")
            strange = other_value(other.thing.value_type, paper.language, paper.known(), rng)
            false = self._said(other.thing, strange, paper.language, is_abroad=False)
            yield statement_row(paper, "", f"{said[0]} {false}", "contradicted")

    def _about_missing(self, paper: Paper) -> Iterator[Row]:
        """Yield statements about what the paper doesn't state, mostly with a value of it."""
        rng = self._rng
        for thing in rng.sample(paper.missing, min(2, len(paper.missing))):
            alike = [f.value for f in paper.facts if f.thing.plain_type == thing.plain_type]
            value = (
                rng.choice(alike)
                if alike and rng.random() < 0.75
                else make_value(thing.value_type, paper.language, rng)
            )
            fact = Fact(thing, value, rng.choice((*paper.subjects, None)))
            yield self._claim(paper, fact, value, "unsupported")
        if rng.random() < _MISSED:
            thing = rng.choice(paper.facts).thing
            language = abroad(paper.language, _ASKED_ABROAD, self._texts, rng)
            asked, said = (
                _filled(text, thing.names[language], "")
                for text in rng.choice(phrases.MISSED[language])
            )
            yield question_row(paper.group, paper.language, asked, paper.text, "")
            yield statement_row(paper, "", said, "unsupported")

    def _about_absent(self, paper: Paper) -> Iterator[Row]:
        """Yield a question and a statement about somebody whom the paper doesn't name."""
        if paper.absent is None:
            return
        fact = self._rng.choice(paper.facts)
        language = abroad(paper.language, _ASKED_ABROAD, self._texts, self._rng)
        question = self.question(fact.thing, paper.absent, language)
        yield question_row(paper.group, paper.language, question, paper.text, "")
        yield self._claim(
            paper, fact._replace(subject=paper.absent), fact.value, "unsupported", about_all=True
        )

    def _claim(
        self, paper: Paper, fact: Fact, value: Value, label: str, *, about_all: bool = False
    ) -> Row:
        rng = self._rng
        language = abroad(paper.language, _SAID_ABROAD, self._texts, rng)
        is_abroad = language != paper.language
        named = about_all or len(paper.subjects) > 1 or rng.random() < 0.5
        subject = fact.subject if named else None
        asked = self.question(fact.thing, subject, language)
        if rng.random() < 0.25:
            said = value.abroad[language] if is_abroad else value.said
            return statement_row(paper, asked, f"{said}.", label)
        said = self._said(fact.thing, value, language, is_abroad=is_abroad)
        if subject is not None and rng.random() < 0.85:
            about = rng.choice(phrases.ABOUT[language])[1]
            return statement_row(paper, "", about.format(s=subject.abroad[language], t=said), label)
        is_asked = subject is not None or rng.random() < 0.4
        return statement_row(paper, asked if is_asked else "", said, label)

    def _denied(self, paper: Paper, fact: Fact, value: Value, label: str) -> Row:
        """Return a statement that a thing is not of this value."""
        name = fact.thing.names[paper.language]
        text = self._rng.choice(phrases.DENIED[paper.language])
        said = _filled(text, name, value.said)
        if fact.subject is not None:
            about = self._rng.choice(phrases.ABOUT[paper.language])[1]
            said = about.format(s=fact.subject.said, t=said)
        return statement_row(paper, "", said, label)

    def _said(self, thing: Thing, value: Value, language: str, *, is_abroad: bool) -> str:
        name = thing.names[language]
        wording = self._texts.wordings.get((language, name))
        words = value.abroad[language] if is_abroad else value.said
        if wording and self._rng.random() < 0.6:
            said = wording.statement.format(v=words)
            return said[:1].upper() + said[1:]
        return _filled(self._rng.choice(phrases.SAID[language]), name, words)

    # ------------------------------------------------------------ rules and additions

    def _add_rule(self, language: str) -> tuple[str, MoreRows]:
        rng = self._rng
        rules = [rule for rule in self._texts.rules if language in rule]
        chosen, absent = rng.sample(rules, 2)
        is_allowed = rng.random() < 0.5
        there = _rule_side(chosen[language], is_allowed=is_allowed)

        def rows(paper: Paper) -> Iterator[Row]:
            asked = rng.choice(tuple(chosen)) if rng.random() < _ASKED_ABROAD else language
            other = asked if asked in absent else language
            rule, missing = chosen[asked], absent[other]
            yes, no = phrases.YES_NO[asked] if is_allowed else phrases.YES_NO[asked][::-1]
            right = _rule_side(rule, is_allowed=is_allowed)
            wrong = _rule_side(rule, is_allowed=not is_allowed)
            yield question_row(paper.group, language, rule.question, paper.text, there)
            yield question_row(paper.group, language, missing.question, paper.text, "")
            said = right if rng.random() < 0.5 else yes
            yield statement_row(paper, rule.question, said, "supported")
            said = wrong if rng.random() < 0.6 else no
            yield statement_row(paper, rule.question, said, "contradicted")
            claimed = rng.choice((missing.allowed, missing.forbidden))
            yield statement_row(paper, "", claimed, "unsupported")
            yield statement_row(paper, missing.question, rng.choice((yes, no)), "unsupported")

        return there, rows

    def _add_addition(self, language: str) -> tuple[str, MoreRows]:
        rng = self._rng
        additions = self._texts.additions[language]
        addition = rng.choice(additions)
        thing, other = rng.sample(self._texts.added_things[language], 2)
        value = make_value("money", language, rng)
        is_on_top = rng.random() < 0.6
        there = (addition.on_top if is_on_top else addition.inside).format(x=thing, v=value.written)

        def said(text: str, what: str) -> str:
            return _capital(text.format(x=what, v=value.said))

        def rows(paper: Paper) -> Iterator[Row]:
            on_top = said(rng.choice(additions).said_on_top, thing)
            inside = said(rng.choice(additions).said_inside, thing)
            right, wrong = (on_top, inside) if is_on_top else (inside, on_top)
            yield statement_row(paper, "", right, "supported")
            yield statement_row(paper, "", wrong, "contradicted")
            yield statement_row(paper, "", said(addition.said_inside, other), "unsupported")

        return _capital(there), rows


def paper_language(texts: MadeTexts, rng: Random) -> str:
    """Return the language of a paper, English and German more often."""
    often = [each for each in ("en", "en", "en", "de") if each in texts.languages]
    return rng.choice((*texts.languages, *often))


def abroad(language: str, share: float, texts: MadeTexts, rng: Random) -> str:
    """Return another language in this share of cases, else the same."""
    return rng.choice(texts.languages) if rng.random() < share else language


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


def _rule_side(rule: Rule, *, is_allowed: bool) -> str:
    return rule.allowed if is_allowed else rule.forbidden


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
    return _capital(name.removeprefix("l'"))


def _filled(template: str, name: str, value: str) -> str:
    return _capital(template.format(A=_capital(name), a=name, b=_bare(name), v=value))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
