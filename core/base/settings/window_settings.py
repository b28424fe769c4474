"""Window settings: language, appearance, notifications, tray icon."""

from core.base.i18n import N_
from core.base.settings.setting import Setting, SettingEffect, SettingSection

LANGUAGE = Setting(
    "language",
    "",
    N_("Language"),
    N_("The language of Inglenook, or as the system is."),
    section=SettingSection.APPEARANCE,
    effect=SettingEffect.NEXT_START,
)
SCHEME = Setting(
    "scheme",
    "system",
    N_("Appearance"),
    N_("Light, dark, or as the system is."),
    choices=("system", "light", "dark"),
    section=SettingSection.APPEARANCE,
)
CONTRAST = Setting(
    "contrast",
    "system",
    N_("Contrast"),
    N_("Strong colours and lines for weak eyes and bright rooms, or as the system asks for."),
    choices=("system", "normal", "high"),
    section=SettingSection.APPEARANCE,
)
TEXT_SIZE = Setting(
    "text_size",
    100,
    N_("Size of text"),
    N_("In percent of the system's size, up to twice as large."),
    minimum=80,
    maximum=200,
    section=SettingSection.APPEARANCE,
)
LESS_MOTION = Setting(
    key="less_motion",
    default=False,
    label=N_("Less motion"),
    help=N_("Nothing turns, blinks or slides."),
    section=SettingSection.APPEARANCE,
)
NOTIFY = Setting(
    key="notify",
    default=True,
    label=N_("Tell when it is done"),
    help=N_(
        "A notice of the system when a long answer, the reading of a folder or a fetch ends, "
        "unless you are looking at the window."
    ),
    section=SettingSection.OUTSIDE,
)
TRAY = Setting(
    key="tray",
    default=False,
    label=N_("Icon in the tray"),
    help=N_("An icon beside the clock that brings the window forward and says what is going on."),
    section=SettingSection.OUTSIDE,
)
STAY_IN_TRAY = Setting(
    key="stays",
    default=False,
    label=N_("Stay in the tray"),
    help=N_(
        "Closing the window only hides it while its icon is in the tray; “Quit” ends Inglenook."
    ),
    section=SettingSection.OUTSIDE,
)
ASK_BOX_KEY = Setting(
    "ask_box_key",
    "",
    N_("Key of the ask box"),
    N_(
        "Opens a small window with a question over any program, as Ctrl+Alt+Space; empty: no key"
        " is listened to."
    ),
    section=SettingSection.OUTSIDE,
)
USE_TOOLS = Setting(
    key="use_tools",
    default=False,
    label=N_("Models may call tools"),
    help=N_(
        "Arithmetic, the date, your folders, and what you added; each call is shown, and asked for"
        " unless you allowed it. Models on servers get none."
    ),
    section=SettingSection.ANSWERS,
)
WELCOMED = Setting(
    key="welcomed",
    default=False,
    label=N_("Welcomed"),
    help=N_("Whether the welcome was seen."),
    section=SettingSection.HIDDEN,
)
GEOMETRY = Setting(
    "geometry", "", N_("Window"), N_("Where the window was."), section=SettingSection.HIDDEN
)
VIEWER_WIDTH = Setting(
    "viewer_width",
    "",
    N_("Document"),
    N_("How wide documents are beside a chat."),
    section=SettingSection.HIDDEN,
)

LAST_CHAT = Setting(
    "last_chat",
    "",
    N_("Last chat"),
    N_("The chat that was open, and where it was read."),
    section=SettingSection.HIDDEN,
)
LAST_FOLDERS = Setting(
    "last_folders",
    "",
    N_("Last folders"),
    N_("The folders that the open chat was to answer from."),
    section=SettingSection.HIDDEN,
)

WINDOW_SETTINGS = (
    LANGUAGE,
    SCHEME,
    CONTRAST,
    TEXT_SIZE,
    LESS_MOTION,
    NOTIFY,
    TRAY,
    STAY_IN_TRAY,
    ASK_BOX_KEY,
    USE_TOOLS,
    WELCOMED,
    GEOMETRY,
    VIEWER_WIDTH,
    LAST_CHAT,
    LAST_FOLDERS,
)
EARLY_SETTINGS = (LANGUAGE, SCHEME, CONTRAST, TEXT_SIZE, LESS_MOTION, GEOMETRY)
"""How the window looks; they are kept plain, for a window whose data is still locked."""
