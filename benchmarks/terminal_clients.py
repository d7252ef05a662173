"""Clients that report work as terminals do: each report has a uid and is sent until the server has it."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

#: What is reported on each step of an order; two of the five carry quantities, and so move stock.
STEPS = ("Cut", "Assemble")
LIFE: tuple[dict[str, Any], ...] = (
    {"kind": "started"},
    {"kind": "reported", "good": 4},
    {"kind": "paused", "reason": "Break"},
    {"kind": "resumed"},
    {"kind": "finished", "good": 5, "scrap": 1, "reason": "Crack"},
)
REPORTS = len(STEPS) * len(LIFE)
PAUSE = 0.2  # seconds before a report is sent again


@dataclass
class Load:
    """What all clients have in common; ``rate`` is each one's, in reports a second."""

    port: int
    operation: str
    token: str
    rate: float
    batch: int
    begin: float = 0.0


@dataclass
class Client:
    load: Load
    number: int
    orders: list[str]
    count: int
    acknowledged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    retries: int = 0
    again: int = 0
    ended: float = 0.0
    connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        made = self._reports()
        size, gap = self.load.batch, self.load.batch / self.load.rate
        at = self.load.begin + gap * (self.number % 50) / 50
        for _ in range(-(-self.count // size)):
            time.sleep(max(0.0, at - time.monotonic()))
            self._deliver([next(made) for _ in range(size)])
            at += gap
        self.ended = time.monotonic()

    def _reports(self) -> Iterator[dict[str, Any]]:
        for order in self.orders:
            for step in STEPS:
                for n, what in enumerate(LIFE):
                    yield {"uid": f"{order}/{step}/{n}", "order": order, "step": step, **what}

    def _deliver(self, reports: list[dict[str, Any]]) -> None:
        body, begun = json.dumps(reports), time.monotonic()
        while (answers := self._send(body)) is None:
            self.retries += 1
            time.sleep(PAUSE)
        self.waits.append(time.monotonic() - begun)
        for answer in answers:
            if answer["answer"] == "refused":
                self.refused.append(f"{answer['uid']}: {answer['reason']}")
            else:
                self.acknowledged.append(answer["uid"])
                self.again += answer["answer"] == "again"

    def _send(self, body: str) -> list[dict[str, Any]] | None:
        """The answer, or None where there was none that says whether the reports were taken."""
        try:
            self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.load.port, timeout=20)
            headers = {"Authorization": f"Bearer {self.load.token}", "Content-Type": "application/json"}
            self.connection.request("POST", f"/api/v1/operations/{self.load.operation}/reports", body, headers)
            answer = self.connection.getresponse()
            told = answer.read()
        except (OSError, http.client.HTTPException):
            if self.connection:
                self.connection.close()
            self.connection = None
            return None
        if answer.status >= 500:
            return None
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {told[:300]!r}")
        return list(json.loads(told))
