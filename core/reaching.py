"""The settings of what may reach beyond this machine; nothing does before a person presses."""

from core.setting import Section, Setting
from core.words import N_

HUB = Setting(
    "hub",
    "https://huggingface.co",
    N_("Model hub"),
    N_("Where models are fetched from, when you ask for one: this hub, or a mirror of it."),
    section=Section.NETWORK,
)
CONNECTIONS = Setting(
    "fetch_connections",
    4,
    N_("Connections of a fetch"),
    N_("How many parts of a model are fetched at once."),
    minimum=1,
    maximum=16,
    section=Section.NETWORK,
)
UPDATE_ADDRESS = Setting(
    "update_address",
    "",
    N_("Address of news"),
    N_("Where “Check for updates” asks; empty: where this build was made to ask."),
    section=Section.NETWORK,
)
REACHING = (HUB, CONNECTIONS, UPDATE_ADDRESS)
