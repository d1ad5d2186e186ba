"""The check and the gate over HTTP, for publishing systems that are not written in Python.

`run.serve` starts the service; `application` says what it answers, `guard` who may ask how much, `desk` does the work.
Needs the extra packages of `pip install 'originality[serve]'`, which are loaded when the service starts.
"""

from __future__ import annotations

from originality.serve.options import TOKEN_VARIABLE, Options
from originality.serve.run import serve

__all__ = ["TOKEN_VARIABLE", "Options", "serve"]
