"""Network settings: model hub, download connections, update address."""

from core.base.i18n import N_
from core.base.settings.setting import Setting, SettingSection

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
NETWORK_SETTINGS = (HUB, DOWNLOAD_CONNECTIONS, UPDATE_ADDRESS)
