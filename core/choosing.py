"""The settings of “Auto”, which chooses among models of this computer by rules one can read."""

from core.setting import Section, Setting
from core.words import N_

AUTO_SMALL = Setting(
    "auto_small",
    "",
    N_("Small model of “Auto”"),
    N_("Answers short, plain questions; empty: the smallest that is still of use."),
    section=Section.ANSWERS,
)
AUTO_LARGE = Setting(
    "auto_large",
    "",
    N_("Large model of “Auto”"),
    N_("Answers long, hard and document questions; empty: the largest that fits."),
    section=Section.ANSWERS,
)
AUTO_LONG = Setting(
    "auto_long",
    60,
    N_("Long question for “Auto”"),
    N_("A question with at least so many words goes to the large model."),
    minimum=1,
    maximum=100_000,
    section=Section.ANSWERS,
)
CHOOSING = (AUTO_SMALL, AUTO_LARGE, AUTO_LONG)
