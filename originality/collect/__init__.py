from __future__ import annotations
from dataclasses import dataclass
from pathlib import Path
@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    reason: str
    file: Path
    line: int = 0
    detail: str = ""
