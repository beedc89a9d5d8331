"""The list of committed submissions: each is a function that fills a packet, registered under its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from samples.generator.packet import Packet


@dataclass(frozen=True, slots=True)
class Sample:
    fill: Callable[[Packet], None]
    verdict: str
    findings: tuple[str, ...]
    why: str


SAMPLES: dict[str, Sample] = {}


def sample(*findings: str, why: str) -> Callable[[Callable[[Packet], None]], Callable[[Packet], None]]:
    """Registers a submission under its function's name; the name begins with the verdict."""

    def register(fill: Callable[[Packet], None]) -> Callable[[Packet], None]:
        name = fill.__name__.replace("_", "-")
        SAMPLES[name] = Sample(fill, name.split("-")[0], findings, why)
        return fill

    return register
