"""Stream of a response: its events, numbered, with each item added, written and done."""

from core.api.api_request import ApiRequest
from core.api.generation import GenerationEvent
from core.api.responses.response_items import (
    Item,
    call_item,
    flat_annotations,
    message_item,
    reasoning_item,
    response_fields,
    text_part,
)
from core.api.responses.response_schema import ResponseBody
from core.base.tool_call_reader import CallArguments, CallPiece, CallStarted, ToolCallReader
from core.messages import AnswerChunk, AnswerDone, ApiWaiting, ThinkingChunk


class ResponseStream:
    """One response on its way out; at most one item is open at a time."""

    def __init__(
        self, request: ApiRequest, body: ResponseBody, name: str, *, has_tools: bool
    ) -> None:
        self._request = request
        self._body = body
        self._name = name
        self._reader = ToolCallReader(is_active=has_tools)
        self._number = 0
        self._items: list[Item] = []
        self._open: Item | None = None
        self._written = ""

    async def send_event(self, _number: int, event: GenerationEvent) -> None:
        """Send what an event of the answer adds."""
        if not self._request.status:
            await self._request.start_stream()
            fields = response_fields(self._name, self._body, [], None)
            await self._send("response.created", response=fields)
            await self._send("response.in_progress", response=fields)
        if isinstance(event, ApiWaiting):
            await self._request.send_bytes(b": waiting\n\n")
        elif isinstance(event, ThinkingChunk):
            await self._begin(reasoning_item(""))
            await self._add("response.reasoning_text.delta", event.text, content_index=0)
        elif isinstance(event, AnswerChunk):
            for piece in self._reader.read_piece(event.text):
                await self._send_piece(piece)

    async def end(self, done: AnswerDone) -> Item:
        """Send the rest and return the whole response."""
        for piece in self._reader.read_piece("", final=True):
            await self._send_piece(piece)
        if not self._items and self._open is None:
            await self._begin_text()
            if done.text:
                await self._add_text(done.text)
        await self._end_item()
        answered = self._request.folders_answered
        fields = response_fields(self._name, self._body, self._items, done, answered)
        kind = "incomplete" if fields["status"] == "incomplete" else "completed"
        await self._send(f"response.{kind}", response=fields)
        await self._request.end_stream()
        return fields

    async def _send_piece(self, piece: CallPiece) -> None:
        if isinstance(piece, CallStarted):
            await self._end_item()
            await self._begin(call_item(piece.name, "", status="in_progress"))
        elif isinstance(piece, CallArguments):
            await self._add("response.function_call_arguments.delta", piece.json)
        else:
            await self._begin_text()
            await self._add_text(piece.text)

    async def _begin_text(self) -> None:
        if self._open is None or self._open["type"] != "message":
            await self._begin(message_item("", status="in_progress"))
            await self._send_place("response.content_part.added", part=text_part(""))

    async def _add_text(self, text: str) -> None:
        await self._add("response.output_text.delta", text, content_index=0, logprobs=[])

    async def _begin(self, item: Item) -> None:
        if self._open is not None and self._open["type"] == item["type"] == "reasoning":
            return
        await self._end_item()
        self._open, self._written = item, ""
        place = len(self._items)
        await self._send("response.output_item.added", output_index=place, item=item)

    async def _add(self, kind: str, text: str, **more: object) -> None:
        assert self._open is not None
        self._written += text
        await self._send(
            kind, item_id=self._open["id"], output_index=len(self._items), delta=text, **more
        )

    async def _end_item(self) -> None:
        """Send that the open item is whole, if there is one."""
        item, text = self._open, self._written
        if item is None:
            return
        place = {"item_id": item["id"], "output_index": len(self._items)}
        if item["type"] == "message":
            part = text_part(text, flat_annotations(self._request.folders_answered))
            item = {**item, "status": "completed", "content": [part]}
            more = {**place, "content_index": 0}
            await self._send("response.output_text.done", **more, text=text, logprobs=[])
            await self._send("response.content_part.done", **more, part=part)
        elif item["type"] == "function_call":
            item = {**item, "status": "completed", "arguments": text}
            kind = "response.function_call_arguments.done"
            await self._send(kind, **place, arguments=text, name=item["name"])
        else:
            item = reasoning_item(text, name=item["id"])
            kind = "response.reasoning_text.done"
            await self._send(kind, **place, content_index=0, text=text)
        await self._send("response.output_item.done", output_index=len(self._items), item=item)
        self._items.append(item)
        self._open = None

    async def _send_place(self, kind: str, **fields: object) -> None:
        assert self._open is not None
        place = {"item_id": self._open["id"], "output_index": len(self._items), "content_index": 0}
        await self._send(kind, **place, **fields)

    async def _send(self, kind: str, **fields: object) -> None:
        value = {"type": kind, "sequence_number": self._number, **fields}
        self._number += 1
        await self._request.send_data(value, event=kind)
