"""A customer in the terminal: the same socket and frames as the widget (``guichet chat``)."""

import asyncio
import json
import sys
import uuid
from collections.abc import AsyncIterator
from typing import Any, TextIO

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

QUIET_S = 0.4
ANSWER_S = 15.0
"""Longest wait for an answer, in seconds, before the next line is sent all the same."""


class ChatClient:
    """One conversation.

    Args:
        url: the shop's address, ``http://127.0.0.1:8000``.
    """

    def __init__(self, url: str) -> None:
        self._url = url.replace("http", "ws", 1).rstrip("/") + "/chat/socket"
        self._choices: list[dict[str, str]] = []

    async def talk(self, lines: AsyncIterator[str], out: TextIO, *, echo: bool) -> None:
        """Say each line and print what comes back; a number presses the button of that number.

        Raises:
            OSError: no server listens there.
        """
        async with connect(self._url, proxy=None) as socket:
            await socket.send(json.dumps({"type": "hello", "protocol": 1, "token": None, "last_seq": 0}))
            await self._show_answer(socket, out)
            async for line in lines:
                if echo:
                    print(f"\n> {line}", file=out)
                await socket.send(json.dumps(self._frame(line)))
                await self._show_answer(socket, out)

    def _frame(self, line: str) -> dict[str, Any]:
        ident = str(uuid.uuid4())
        if line.isdigit() and 0 < int(line) <= len(self._choices):
            return {"type": "choice", "id": ident, "choice": self._choices[int(line) - 1]["id"]}
        return {"type": "message", "id": ident, "text": line}

    async def _show_answer(self, socket: ClientConnection, out: TextIO) -> None:
        """Print until the answer is complete: something was said and nothing follows."""
        answered = typing = False
        while True:
            try:
                async with asyncio.timeout(QUIET_S if answered and not typing else ANSWER_S):
                    frame = json.loads(await socket.recv())
            except TimeoutError:
                return
            except ConnectionClosed:
                print("(connexion fermée)", file=out)
                return
            if frame["type"] == "typing":
                typing = frame["on"]
            elif frame["type"] == "error":
                print(f"! {frame['detail']}", file=out)
                answered = True
            elif frame["type"] == "message" and frame["author"] != "customer":
                self._show(frame, out)
                answered = True

    def _show(self, frame: dict[str, Any], out: TextIO) -> None:
        print(f"\n{frame['text']}", file=out)
        if frame["more"]:
            print(f"\n  En savoir plus\u00a0:\n{_indent(frame['more'])}", file=out)
        for card in frame["cards"]:
            badge = f" — {card['badge']['label']}" if card["badge"] else ""
            print(f"  ┌ {card['title']}{badge}", file=out)
            for row in card["rows"]:
                print(f"  │ {row['label']}\u00a0: {row['value']}", file=out)
            for item in card["items"]:
                print(f"  │ • {item}", file=out)
            if card["link"]:
                print(f"  │ {card['link']['label']}\u00a0: {card['link']['href']}", file=out)
        for attachment in frame["attachments"]:
            print(f"  + Pièce jointe\u00a0: {attachment['name']}", file=out)
        self._choices = frame["choices"]
        for number, choice in enumerate(self._choices, 1):
            print(f"  [{number}] {choice['label']}", file=out)


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


async def typed_lines() -> AsyncIterator[str]:
    """Lines of standard input, as they come; empty ones are skipped."""
    interactive = sys.stdin.isatty()
    while True:
        if interactive:
            print("\n> ", end="", flush=True)
        line = await asyncio.to_thread(sys.stdin.readline)
        if not line:
            return
        if line.strip():
            yield line.strip()
