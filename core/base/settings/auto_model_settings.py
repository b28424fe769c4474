"""Auto model settings: which models “Auto” chooses from, and what counts as a long question."""

from core.base.i18n import N_
from core.base.settings.setting import Setting, SettingSection

AUTO_SMALL = Setting(
    "auto_small",
    "",
    N_("Small model of “Auto”"),
    N_("Answers short, plain questions; if none is named, the smallest that is still of use."),
    section=SettingSection.ANSWERS,
)
AUTO_LARGE = Setting(
    "auto_large",
    "",
    N_("Large model of “Auto”"),
    N_("Answers long, hard and document questions; if none is named, the largest that fits."),
    section=SettingSection.ANSWERS,
)
AUTO_LONG_WORDS = Setting(
    "auto_long",
    60,
    N_("Long question for “Auto”"),
    N_("A question with at least so many words goes to the large model."),
    minimum=1,
    maximum=100_000,
    section=SettingSection.ANSWERS,
)
AUTO_MODEL_SETTINGS = (AUTO_SMALL, AUTO_LARGE, AUTO_LONG_WORDS)
