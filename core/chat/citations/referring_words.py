"""Referring words: how a sentence says that it goes on about what the one before it is about."""

import re

from core.base.lazy_regex import lazy_pattern

POINTS_BACK = lazy_pattern(
    r"\b(?:it|its|itself|they|their|them|he|his|him|she|her|this|these|those|er|sie|ihn|ihm|ihr\w*"
    r"|sein\w*|dies\w*|deren|dessen|ils|elle|elles|cet|cette|cela|ceci|ses|leurs?|celui|celle"
    r"|este|esta|esto|estos|estas|ese|esa|esos|sus?|ella|ellos|ellas|ele|ela|eles|elas|isso|isto"
    r"|essa?|esse|questo|questa|questi|queste|esso|suoi?|loro|egli|lui|lei|hij|zij|zijn|haar|deze"
    r"|ona|ono|oni|jego|jej|denne|dette|disse|dess|он|она|оно|они|его|её|ее|их|это|этот|эта|эти"
    r"|этого|этой|він|вона|вони|його|це|цей|onun|bu|şu|bunlar|onlar"
    r"|هو|هي|هم|هذا|هذه|ذلك|تلك|هؤلاء|यह|वह|ये|वे|इस|उस|इसे|उसे)\b"
    r"|[他她它其此这這該该]|これ|それ|この|その|彼|彼女|当該|同社|이것|그것|그는|그녀|이는|นี้|นั้น|เขา|มัน",
    re.IGNORECASE,
)
"""Words that stand for what the sentence before is about."""
DEFINITE = lazy_pattern(
    r"\W*(?:(?:the|der|die|das|dem|den|le|la|les|el|los|las|lo|il|ce|ces|gli|o|os|as|de|het|there"
    r"|that|such|both)\b|l['’]|ال)",
    re.IGNORECASE,
)
"""How a sentence begins whose subject may be another word for what the one before is about."""


def begins_with_pronoun(sentence: str) -> bool:
    """Whether a sentence begins with a word such as "it", "this" or "their"."""
    start = sentence.lstrip(" \t\n\"'“„«(*-•")
    found = POINTS_BACK.search(start)
    return bool(found and not found.start())


def points_back(sentence: str) -> bool:
    """Whether a sentence begins with a word for what was named before: "it", "the company"."""
    return bool(DEFINITE.match(sentence)) or begins_with_pronoun(sentence)
