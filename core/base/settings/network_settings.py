"""Network settings: model hub, download connections, update address."""

from core.base.i18n import N_
from core.base.settings.setting import Setting, SettingSection

EVERY_FOLDER = "*"
"""Value of `MCP_FOLDERS` that allows every folder."""

HUB = Setting(
    "hub",
    "https://huggingface.co",
    N_("Model hub"),
    N_("Where models are fetched from, when you ask for one: this hub, or a mirror of it."),
    section=SettingSection.NETWORK,
)
DOWNLOAD_CONNECTIONS = Setting(
    "fetch_connections",
    4,
    N_("Connections of a fetch"),
    N_("How many parts of a model are fetched at once."),
    minimum=1,
    maximum=16,
    section=SettingSection.NETWORK,
)
UPDATE_ADDRESS = Setting(
    "update_address",
    "",
    N_("Address of news"),
    N_("Where “Check for updates” asks; empty: where this build was made to ask."),
    section=SettingSection.NETWORK,
)
API_PORT = Setting(
    "api_port",
    5277,
    N_("Port for other programs"),
    N_("Where programs of this computer find Inglenook once it is switched on for them."),
    minimum=1024,
    maximum=65535,
    section=SettingSection.NETWORK,
)
API_AT_START = Setting(
    key="api_at_start",
    default=False,
    label=N_("Answer other programs"),
    help=N_("Open the port for programs of this computer whenever the window opens."),
    section=SettingSection.NETWORK,
)
API_ORIGINS = Setting(
    "api_origins",
    "",
    N_("Web pages that may ask"),
    N_("Origins such as http://localhost:3000 whose pages may use the port; empty: none."),
    section=SettingSection.NETWORK,
)
UPDATE_ISSUED = Setting(
    "update_issued",
    0,
    N_("Date of the last news"),
    N_("Seconds since 1970; signed news about versions that are older than this are refused."),
    minimum=0,
    section=SettingSection.HIDDEN,
)
MCP_FOLDERS = Setting(
    "mcp_folders",
    "",
    N_("Folders for MCP"),
    N_("Ids of the folders that programs may read through “inglenook mcp”."),
    section=SettingSection.HIDDEN,
)
NETWORK_SETTINGS = (
    HUB,
    DOWNLOAD_CONNECTIONS,
    UPDATE_ADDRESS,
    API_PORT,
    API_AT_START,
    API_ORIGINS,
    MCP_FOLDERS,
)
