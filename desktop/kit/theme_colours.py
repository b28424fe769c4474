"""Colour roles of the theme: light and dark, each also in high contrast.

The accent is for the primary action alone; what has the focus, leads somewhere, informs or warns
has a colour of its own, so that none is taken for another. The test of the look measures each on
the grounds it stands on.
"""

from typing import NamedTuple


class ThemeColours(NamedTuple):
    """Colours by use. `soft` ones are the background of text in the strong colour of that name.

    `field` is the outline of what is typed into, `line` only parts; `info` also means "on" (ticks,
    the chosen tab, progress).
    """

    canvas: str
    side: str
    raised: str
    line: str
    line_strong: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_hover: str
    focus: str
    link: str
    info: str
    info_soft: str
    field: str
    hover: str
    selected: str
    bubble: str
    code: str
    mark: str
    good: str
    good_soft: str
    warning: str
    warning_soft: str
    error: str
    error_soft: str


LIGHT = ThemeColours(
    canvas="#fdfcfa",
    side="#f5f2ed",
    raised="#ffffff",
    line="#e6e1d8",
    line_strong="#cbc4b8",
    text="#27231e",
    muted="#665f54",
    accent="#a8481f",
    on_accent="#ffffff",
    accent_hover="#8f3b17",
    focus="#2a6db0",
    link="#1d5c94",
    info="#1f5f8b",
    info_soft="#e3eff7",
    field="#8c8478",
    hover="#ece7df",
    selected="#e8e2d8",
    bubble="#f3efe8",
    code="#f3efe8",
    mark="#ffe3a3",
    good="#2b6a3d",
    good_soft="#e2f1e4",
    warning="#7d5200",
    warning_soft="#fbf0d6",
    error="#a3271d",
    error_soft="#fbe7e4",
)
DARK = ThemeColours(
    canvas="#1f1d1b",
    side="#191715",
    raised="#292623",
    line="#35312d",
    line_strong="#4d4741",
    text="#ece7e0",
    muted="#a89f94",
    accent="#ec9a6e",
    on_accent="#23140b",
    accent_hover="#f5b08a",
    focus="#7db8ec",
    link="#8cc4f2",
    info="#93c5ec",
    info_soft="#1e3446",
    field="#877f75",
    hover="#332e2a",
    selected="#37322d",
    bubble="#2a2724",
    code="#292623",
    mark="#6b4f16",
    good="#8ccf9b",
    good_soft="#1f3626",
    warning="#e8bd6a",
    warning_soft="#3b2f17",
    error="#f49a8f",
    error_soft="#442420",
)
LIGHT_STRONG = ThemeColours(
    canvas="#ffffff",
    side="#ffffff",
    raised="#ffffff",
    line="#000000",
    line_strong="#000000",
    text="#000000",
    muted="#1f1f1f",
    accent="#7a2500",
    on_accent="#ffffff",
    accent_hover="#521900",
    focus="#003a8c",
    link="#00306e",
    info="#00306e",
    info_soft="#e3efff",
    field="#000000",
    hover="#e4e4e4",
    selected="#d2d2d2",
    bubble="#ffffff",
    code="#f2f2f2",
    mark="#ffe14d",
    good="#00441b",
    good_soft="#e3f7e8",
    warning="#553600",
    warning_soft="#fff3cf",
    error="#8a0000",
    error_soft="#ffe8e6",
)
DARK_STRONG = ThemeColours(
    canvas="#000000",
    side="#000000",
    raised="#000000",
    line="#ffffff",
    line_strong="#ffffff",
    text="#ffffff",
    muted="#e4e4e4",
    accent="#ffc37a",
    on_accent="#000000",
    accent_hover="#ffe0b8",
    focus="#7cc4ff",
    link="#a5d6ff",
    info="#a5d6ff",
    info_soft="#00243d",
    field="#ffffff",
    hover="#333333",
    selected="#474747",
    bubble="#000000",
    code="#1c1c1c",
    mark="#6b5000",
    good="#8dffb0",
    good_soft="#00290f",
    warning="#ffe27a",
    warning_soft="#2e2300",
    error="#ffb3ab",
    error_soft="#3d0500",
)
