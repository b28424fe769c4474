"""English or not: what language a passage is in, as far as the choice of an embedder needs it.

Function words decide between languages in Latin letters, the share of other letters decides all
else. Code, tables and lists of names hold neither and count as English: any embedder reads them.
"""

import re

_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset(
    """
    the of and to in is that for it as was with be by on not he his but at are this have from or had
    an they which you were her she there would their we him been has when who will more no if out so
    """.split()  # noqa: SIM905 - one word a line is no list to read
)
_OTHERS = (
    frozenset(
        """
    der die das und ist nicht mit den von zu dem ein eine auf für sich des auch wird als werden nach
    oder bei wie sind le la les et des une est dans que qui pour pas sur au avec ce il sont par plus
    el los las y en una por con para del se lo como pero su al más es era o os uma não com da do na
    em dos ao mais foi di il che non per è della con del una sono gli nel alla het een van dat niet
    zijn op te voor met aan och att det som på är av för inte till den med har og i er ikke til jeg
    på af på w na się z do nie jest to że jak a v se je na že s o ve bir bu için ile da de olarak și
    nu cu este hogy az egy nem ja ei on se että yang dan di untuk dengan tidak ini itu của và là có
    """.split()  # noqa: SIM905 - the same
    )
    - _ENGLISH
    - frozenset({"a", "i", "on", "se", "to", "do", "as", "so", "die", "of"})
)
_FOREIGN_LETTERS = 0.04
"""Share of letters beyond ASCII from which a text is none of English, whatever its words are."""
_FEWEST_LETTERS = 40
"""Letters; a shorter text says nothing."""


def is_other_than_english(text: str) -> bool:
    """Return whether a text is clearly in another language than English."""
    words = _WORD.findall(text)
    letters = "".join(words)
    if not letters:
        return False
    foreign = len(letters) - len(letters.encode("ascii", "ignore"))
    if foreign >= len(letters) / 2:
        return True  # another script needs few letters to say much
    if len(letters) < _FEWEST_LETTERS:
        return False
    words = " ".join(words).lower().split(" ")
    english = sum(word in _ENGLISH for word in words)
    others = sum(word in _OTHERS for word in words)
    return others > english or (foreign >= _FOREIGN_LETTERS * len(letters) and english <= others)
