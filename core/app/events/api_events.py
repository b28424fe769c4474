"""Events of the port for other programs: opened or closed, and each request that has ended."""

from msgspec import Struct

from core.messages import ApiActivity


class ApiStateChanged(Struct, frozen=True, kw_only=True):
    """The port is open at `address`, or closed (""); `failed`: because its child ended."""

    address: str
    failed: bool = False


class ApiRequestEnded(Struct, frozen=True, kw_only=True):
    """A request of another program has ended."""

    activity: ApiActivity


ApiPortEvent = ApiStateChanged | ApiRequestEnded
