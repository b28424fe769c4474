"""The one reply that its owner waits for."""

from core.ipc.awaited_reply import AwaitedReply
from core.ipc.reply import Reply


def test_only_the_latest_reply_is_heard() -> None:
    awaited, heard = AwaitedReply(), list[str]()
    first, second = Reply[str, str](), Reply[str, str]()
    awaited.wait_for(first).on_progress(heard.append).on_done(heard.append)
    awaited.wait_for(second).on_progress(heard.append).on_done(heard.append)
    first.report("first goes on")
    first.finish("first ends")
    second.finish("second ends")
    assert heard == ["second ends"]


def test_a_reply_that_was_given_up_goes_on_unheard() -> None:
    awaited, cancelled, heard = AwaitedReply(), list[str](), list[str]()
    reply = Reply[str, str]("", lambda: cancelled.append("cancelled"))
    awaited.wait_for(reply).on_done(heard.append)
    awaited.give_up()
    reply.finish("end")
    assert not awaited.is_waiting
    assert (cancelled, heard) == ([], [])


def cancellable_reply() -> Reply[str, str]:
    reply: Reply[str, str] = Reply("", lambda: reply.finish("cancelled"))
    return reply


def test_the_end_of_a_cancelled_reply_is_heard() -> None:
    awaited, heard = AwaitedReply(), list[str]()
    awaited.wait_for(cancellable_reply()).on_done(heard.append)
    awaited.cancel()
    assert heard == ["cancelled"]


def test_that_of_an_abandoned_one_is_not() -> None:
    awaited, heard = AwaitedReply(), list[str]()
    reply = awaited.wait_for(cancellable_reply()).on_done(heard.append)
    awaited.abandon()
    assert reply.is_done
    assert heard == []
