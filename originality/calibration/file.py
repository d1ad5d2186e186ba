"""The calibration as a file: `calibration.json` in the folder of the index, written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

from originality.calibration.records import Calibration, calibration_of
from originality.errors import CalibrationError
from originality.files import write_whole

FILE = "calibration.json"
_MOST_BYTES = 4 * 2**20  # a thousand brands fit
_ADVICE = "Calibrate again, or remove it: originality calibrate --reset"


class CalibrationFile:
    """The calibration of one index, read again only after it has changed: a page stays open for days."""

    def __init__(self, folder: Path) -> None:
        self.path = Path(folder) / FILE
        self._seen: tuple[int, int] | None = None
        self._found: Calibration | None = None
        self._fault = ""

    def read(self) -> Calibration | None:
        """Return the calibration as it is now; None where there is none.

        Raises:
            CalibrationError: the file is none, or cannot be read.
        """
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CalibrationError(f"Cannot read {self.path}: {error.strerror}. Check its permissions.") from error
        seen = status.st_mtime_ns, status.st_size
        if seen != self._seen:
            found, fault = None, ""
            try:
                found = load_calibration(self.path)
            except CalibrationError as error:
                fault = str(error)
            self._found, self._fault, self._seen = found, fault, seen
        if self._fault:
            raise CalibrationError(self._fault)
        return self._found

    def write(self, calibration: Calibration) -> None:
        """Put a calibration in the place of the one there.

        Raises:
            CalibrationError: it cannot be written.
        """
        content = json.dumps(calibration.to_dict(), ensure_ascii=False, indent=1) + "\n"
        try:
            write_whole(self.path, content, private=True)
        except OSError as error:
            raise CalibrationError(
                f"Cannot write {self.path}: {error.strerror}. Check the folder's permissions and the disk."
            ) from error

    def remove(self) -> bool:
        """Remove the file; return whether there was one.

        Raises:
            CalibrationError: it cannot be removed.
        """
        try:
            self.path.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise CalibrationError(f"Cannot remove {self.path}: {error.strerror}. Check its permissions.") from error
        return True


def load_calibration(path: Path) -> Calibration | None:
    """Read a calibration; None where there is no file.

    Raises:
        CalibrationError: the file is none, or cannot be read. The message is one line.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise CalibrationError(f"it has more than {_MOST_BYTES} bytes")
        return calibration_of(json.loads(content.decode("utf-8-sig")))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CalibrationError(f"Cannot read {path}: {error.strerror}. Check its permissions.") from error
    except (ValueError, RecursionError, OverflowError) as error:
        seen = " ".join(str(error).split())[:120]
        raise CalibrationError(f"{path} is no calibration: not valid JSON ({seen}). {_ADVICE}") from error
    except CalibrationError as error:
        seen = " ".join("".join(char if char.isprintable() else "?" for char in str(error)).split())
        raise CalibrationError(f"{path} is no calibration: {seen}. {_ADVICE}") from error
