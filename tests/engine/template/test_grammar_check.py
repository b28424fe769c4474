"""Grammars: llama.cpp's own examples pass, what would hang or crash it is refused in words."""

import pytest

from core.engine.grammar.grammar_check import GrammarError, check_grammar

GOOD = {
    "a choice": 'root ::= ("yes" | "no") "." # an answer\n',
    "ranges and escapes": 'root ::= [a-zA-Z\\]^"] [^\\n"]* "\\"" "\\x41" .',
    "repetitions": 'root ::= "a"{2} "b"{,}? '.replace("{,}?", "{0,}") + '"c"{1,3} "d"? "e"+',
    "nested repetitions": 'root ::= ("a"*)* "b"',
    "right recursion": 'root ::= "a" root | "b"',
    "windows lines": 'root ::= word\r\nword ::= "x"\r\n',
    "names with dashes": 'root ::= an-item2\nan-item2 ::= "x"',
    "tokens": 'root ::= <think> !<[7]> "x"',
    "brackets in texts": 'root ::= "((((" [(] # ((((\n',
    "many optional parts": "root ::= " + '"a"? ' * 500,
}
DOUBLING = "".join(f"a{n} ::= a{n + 1} a{n + 1}\n" for n in range(40))
BAD = {
    "empty": ("", "no rule named “root”"),
    "no root": ('start ::= "a"', "no rule named “root”"),
    "junk": ('root ::= "a"\nroot2 ::= @', "line 2"),
    "an open text": ('root ::= "abc', "line 1"),
    "an open bracket": ('root ::= ("a"', "not closed"),
    "an open bracket before the next rule": ('root ::= ("a"\nb ::= "c"', "not closed"),
    "a bracket too many": ('root ::= "a")', "not opened"),
    "a word first": ('"a" ::= root', "begin with a rule"),
    "a missing rule": ("root ::= other", "“other” is missing"),
    "left recursion": ('root ::= root "a" | "b"', "begins with itself"),
    "left recursion behind what may be empty": ('root ::= a? root "x" | "y"\na ::= "b"', "itself"),
    "a circle": ("root ::= a\na ::= b\nb ::= a", "begins with itself"),
    "ways that double": (f'root ::= a0\n{DOUBLING}a40 ::= "x"?', "too many ways to begin"),
    "nesting": ("root ::= " + "(" * 20_000 + '"a"' + ")" * 20_000, "too many rules or brackets"),
    "rules": ("root ::= r\n" + "".join(f'r{n} ::= "x"\n' for n in range(3000)), "too many rules"),
    "downwards": ('root ::= "a"{5,2}', "{5,2} is no repetition"),
    "too often": ('root ::= "a"{99999999999999999999}', "is no repetition"),
    "a long text too often": (f'root ::= "{"a" * 5000}"{{2000}}', "repeats too much"),
    "nothing to repeat": ('root ::= * "a"', "nothing to repeat"),
    "a zero": ('root ::= "a\0b"', "line 1"),
    "a book": (f'root ::= "{"a" * 300_000}"', "too long"),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_grammar_passes(name: str) -> None:
    check_grammar(GOOD[name])


@pytest.mark.parametrize("name", BAD)
def test_a_bad_grammar_is_refused_in_words(name: str) -> None:
    grammar, reason = BAD[name]
    with pytest.raises(GrammarError, match=reason.replace("{", r"\{")):
        check_grammar(grammar)
