"""Whose posts are compared with whose: one's own brand, its competitors, and who may reuse what of whom.

The register is one JSON file beside the index, made to be read and mended by hand. `Register` knows its rules, `file`
reads and writes it. `checker` asks `Admission` which posts may accuse a draft of an author; `live` asks the register
which accounts to bring up to date.
"""

from __future__ import annotations

from originality.accounts.admission import Admission
from originality.accounts.file import FILE, RegisterFile, load_register
from originality.accounts.register import Account, Permission, Register

__all__ = ["FILE", "Account", "Admission", "Permission", "Register", "RegisterFile", "load_register"]
