"""Tool calling: the calls of one round, one after the other, each allowed by the person."""

from collections.abc import Callable
from functools import partial

from core.chat.answering.answer_request import AnswerRequest
from core.chat.answering.retrieval_context import RetrievalContext
from core.chat.conversations.tool_calls import CallDecision, RecordedCall
from core.chat.tools.tool_box import ToolBox, ToolResult
from core.chat.tools.tool_draft import ToolDraft
from core.chat.tools.tool_rounds import ToolRounds, failed_result, read_arguments
from core.ipc.awaited_reply import AwaitedReply


class ToolCalling:
    """Makes the calls that a model wrote. It holds no thread; replies and decisions drive it."""

    def __init__(
        self,
        request: AnswerRequest,
        box: ToolBox,
        rounds: ToolRounds,
        draft: ToolDraft,
        retrieval: RetrievalContext,
        on_round_made: Callable[[], None],
    ) -> None:
        """`on_round_made` is called when no call of a round is left."""
        self._request = request
        self._box = box
        self._rounds = rounds
        self._draft = draft
        self._retrieval = retrieval
        self._on_round_made = on_round_made
        self._awaited = AwaitedReply()
        self._asking: RecordedCall | None = None
        self._is_over = False

    def make_calls(self) -> None:
        """Make the next call of the round, or ask for it; nothing after the end."""
        call = None if self._is_over else self._rounds.next_call()
        if self._is_over:
            return
        if call is None:
            self._show_calls()
            if not self._is_over:
                self._on_round_made()
            return
        tool = self._rounds.tools.get(call.tool)
        if tool is None or read_arguments(call) is None:
            unknown = ToolResult(text="There is no such call.", is_failure=True)
            self._end_call(call, unknown)
        elif self._box.is_allowed(tool, self._draft.conversation.chat_id):
            self._call(call)
        else:
            self._asking = call
            self._show_calls()

    def decide_call(self, n: int, decision: CallDecision) -> None:
        """Take the person's word on the call `n`, if that is asking."""
        call = self._asking
        if call is None or call.n != n or self._is_over:
            return
        tool = self._rounds.tools[call.tool]
        self._box.remember_decision(tool, self._draft.conversation.chat_id, decision)
        self._asking = None
        if decision is CallDecision.REFUSE:
            self._rounds.refuse_call(call)
            self.make_calls()
        else:
            self._call(call)

    def give_up_late_call(self) -> None:
        """Give up a call that takes too long."""
        call = self._rounds.next_call()
        if call is not None and self._rounds.is_late and not self._is_over:
            self._awaited.abandon()
            self._end_call(call, ToolResult(text="It took too long.", is_failure=True))

    def end_calls(self) -> None:
        """The answer ends: no call goes on, and none begins."""
        self._is_over = True
        self._awaited.abandon()
        self._rounds.cut_open_calls()
        if self._rounds.calls:
            self._show_calls()

    def _call(self, call: RecordedCall) -> None:
        self._rounds.begin_call(call)
        self._show_calls()
        begun = self._rounds.next_call()
        if self._is_over or begun is None:  # by who heard of it
            return
        arguments = read_arguments(call) or {}
        reply = self._box.call_tool(self._rounds.tools[call.tool], arguments, self._request)
        self._awaited.wait_for(reply)  # it may have ended already
        reply.on_done(partial(self._end_call, begun))
        reply.on_error(lambda failed: self._end_call(begun, failed_result(failed)))

    def _end_call(self, call: RecordedCall, result: ToolResult) -> None:
        self._awaited.give_up()
        self._rounds.finish_call(call, result)
        if result.hits:
            self._retrieval.add_tool_hits(result.hits)
        self.make_calls()

    def _show_calls(self) -> None:
        self._draft.set_calls(self._rounds.calls, self._retrieval.sources_found)
