"""What the self-test asks of a child of its own."""

from core.messages.common import Cancel, Failed, Hello, Message


class CheckIndex(Message, frozen=True, kw_only=True):
    """Write vectors into an index in `folder`, open it again and find them."""

    request_id: str
    folder: str


class IndexChecked(Message, frozen=True, kw_only=True):
    """So many vectors came back as they were written."""

    request_id: str
    vectors: int


SelftestRequest = CheckIndex | Cancel
SelftestEvent = Hello | IndexChecked | Failed
