"""Keeping an index sound: finding what is wrong with it, and making it anew from what is left.

* `examining`  all checks of an index; mends what costs nothing (caches, leftovers)
* `salvage`    reads posts out of a file that is damaged, or of an older format
* `mending`    builds the index anew from them, or from an export, and puts it in place
* `backup`     a copy of the whole folder while it is in use

The command line has the words for what they find.
"""

from __future__ import annotations

from originality.doctor.backup import back_up
from originality.doctor.examining import examine
from originality.doctor.findings import OF_THE_STORE, CheckName, Finding, State
from originality.doctor.mending import mend

__all__ = ["OF_THE_STORE", "CheckName", "Finding", "State", "back_up", "examine", "mend"]
