"""originality: does a draft copy or closely imitate what others have posted, and where exactly?

    from originality import Checker
    with Checker.open("index") as checker:
        result = checker.check("……")

Importing this package loads none of the heavy libraries; the first check does.
"""

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
