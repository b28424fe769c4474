"""Messages between the self-test and the children it starts."""

from typing import Never

from core.messages.common_messages import Cancel, Failed, FinalMessage, Hello, Message, Request


class CheckIndex(Request[Never, "IndexChecked"], frozen=True, kw_only=True):
    """Write vectors into an index in `folder`, open it again and find them."""

    folder: str


class IndexChecked(FinalMessage, frozen=True, kw_only=True):
    """The number of vectors that were read as they were written."""

    vectors: int


class SelftestServerOpened(Message, frozen=True, kw_only=True):
    """Files are served at this loopback address; "" if the machine has no network at all."""

    address: str


SelftestRequest = CheckIndex | Cancel
SelftestEvent = Hello | IndexChecked | SelftestServerOpened | Failed
