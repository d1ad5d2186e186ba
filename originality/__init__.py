"""originality: does a draft copy or closely imitate what others have posted, and where exactly?

    from originality import Checker
    with Checker.open("index") as checker:
        result = checker.check("……")

Importing this package loads next to nothing: each name brings its module when it is first asked for, so the command
line answers at once. The first check loads the heavy libraries.
"""

import importlib
import typing

if typing.TYPE_CHECKING:
    from originality.checker import Checker, Draft
    from originality.errors import OriginalityError
    from originality.gate import GateDecision, Policy
    from originality.models import CheckResult, Match, Post, Span
    from originality.settings import Settings

__version__ = "0.1.0"

__all__ = [
    "CheckResult",
    "Checker",
    "Draft",
    "GateDecision",
    "Match",
    "OriginalityError",
    "Policy",
    "Post",
    "Settings",
    "Span",
]

_HOMES = {
    "checker": ("Checker", "Draft"),
    "errors": ("OriginalityError",),
    "gate": ("GateDecision", "Policy"),
    "models": ("CheckResult", "Match", "Post", "Span"),
    "settings": ("Settings",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> typing.Any:
    """Load a public name (PEP 562)."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'originality' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"originality.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return all public names, loaded or not."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
