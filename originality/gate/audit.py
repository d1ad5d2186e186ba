"""The audit log: one line of JSON per decision, appended, synced, never rewritten.

Enters: decisions. Leaves: `audit.jsonl`, and `audit.1.jsonl`, `audit.2.jsonl`, … once a file has grown full; numbers
rise with time and nothing is deleted. Threads and processes may append to one log at once.

A line tells what was decided and by which rules, not what was written: of the draft it holds a keyed hash, so that
whoever has the text and the key can prove which decision it got, and whoever has only the log cannot guess short texts.
Of the index it holds the stamp and no post, so that a forgotten post leaves no trace here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from originality.errors import AuditError
from originality.gate.decision import GateDecision

KEY_VARIABLE = "ORIGINALITY_AUDIT_KEY"
MOST_BYTES = 10 * 2**20  # of a file: some 15,000 decisions, which any editor still opens
LOCK_SECONDS = 10.0  # for another writer: a line takes milliseconds
_MODE = 0o600  # who tried to publish what is nobody else's business
_SHORTEST_KEY = 16
_FAULT = "Check the folder, its permissions and the disk; without its record no decision is given."


class AuditLog:
    """A log file. Safe to share between threads and processes.

    log = AuditLog("audit.jsonl")
    log.append(checker.gate(draft, policy))
    """

    def __init__(
        self, path: Path | str, *, key: bytes | None = None, with_text: bool = False, most_bytes: int = MOST_BYTES
    ) -> None:
        """Open a log, and make it and its key where they are missing.

        Args:
            path: the file that is written to.
            key: for the hashes of the drafts; else that of ORIGINALITY_AUDIT_KEY, else the one in the `.key` file
                beside the log, which is made at the first use.
            with_text: keep the drafts themselves as well.
            most_bytes: size from which a file is set aside.

        Raises:
            AuditError: the file or the key cannot be written or read.
        """
        self.path = Path(path)
        self.with_text = with_text
        self._most_bytes = most_bytes
        self._lock = FileLock(self.path.with_name(f".{self.path.name}.lock"), timeout=LOCK_SECONDS, mode=_MODE)
        try:
            self._key = key or _key_of(os.environ, self.path.with_name(f"{self.path.name}.key"))
            os.close(self._open())
        except OSError as error:
            raise self._fault(error) from error

    def append(self, decision: GateDecision) -> None:
        """Write a decision down; when this returns, it is on the disk.

        Raises:
            AuditError: it could not be written.
        """
        line = json.dumps(self._record(decision)).encode("ascii") + b"\n"
        try:
            with self._lock:
                self._make_room(len(line))
                file = self._open()
                try:
                    _write(file, line)
                finally:
                    os.close(file)
        except (OSError, Timeout) as error:
            raise self._fault(error) from error

    def hash_of(self, text: str) -> str:
        """Return the keyed hash that stands for a draft in this log."""
        return hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def _record(self, decision: GateDecision) -> dict[str, Any]:
        result = decision.result
        record = {
            "at": decision.decided_at.isoformat(timespec="milliseconds"),
            "id": result.id,
            "account": decision.account,
            "draft_hash": self.hash_of(result.draft),
            "characters": len(result.draft),
            "verdict": result.verdict,
            "action": decision.action,
            "causes": [cause.to_dict() for cause in decision.causes],
            "policy": decision.to_dict()["policy"],
            "index": result.to_dict()["index"],
        }
        return {**record, "text": result.draft} if self.with_text else record

    def _make_room(self, needed: int) -> None:
        """Set a full file aside under the next number."""
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:
            return
        if size and size + needed > self._most_bytes:
            stem, suffix = self.path.stem, self.path.suffix
            pattern = re.compile(rf"{re.escape(stem)}\.(\d+){re.escape(suffix)}")
            taken = [int(found[1]) for each in self.path.parent.iterdir() if (found := pattern.fullmatch(each.name))]
            self.path.rename(self.path.with_name(f"{stem}.{max(taken, default=0) + 1}{suffix}"))

    def _open(self) -> int:
        return os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, _MODE)

    def _fault(self, error: OSError) -> AuditError:
        seen = "another process holds it" if isinstance(error, Timeout) else error.strerror or str(error)
        return AuditError(f"Cannot write the audit log {self.path}: {seen}. {_FAULT}")


def _write(file: int, line: bytes) -> None:
    """Append a line and sync it; one that a killed process left unfinished is closed first, so that only it is lost."""
    end = os.lseek(file, 0, os.SEEK_END)
    if end and os.pread(file, 1, end - 1) != b"\n":
        line = b"\n" + line
    written = 0
    try:
        while written < len(line):
            written += os.write(file, line[written:])
        os.fsync(file)
    except OSError:
        os.ftruncate(file, end)  # a full disk must not leave half a line
        raise


def _key_of(variables: Mapping[str, str], path: Path) -> bytes:
    if given := variables.get(KEY_VARIABLE, ""):
        if len(given) < _SHORTEST_KEY:
            raise AuditError(f"{KEY_VARIABLE} must have at least {_SHORTEST_KEY} characters, has {len(given)}.")
        return given.encode("utf-8", "surrogateescape")
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
    except FileExistsError:
        return _read_key(path)
    with os.fdopen(file, "w", encoding="ascii") as text:
        text.write(key := secrets.token_hex(32))
        text.flush()
        os.fsync(text.fileno())
    return key.encode("ascii")


def _read_key(path: Path) -> bytes:
    key = path.read_bytes().strip()
    if len(key) < _SHORTEST_KEY:
        raise AuditError(
            f"{path} must hold the key of the audit log, has {len(key)} characters. Restore it, or remove it to begin "
            "with a new key: older hashes can then not be checked any more."
        )
    return key
