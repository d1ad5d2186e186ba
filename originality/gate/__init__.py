"""The gate before publishing: a check's result and a brand's policy -> pass, warn or block, with reasons.

`Checker.gate` is the way in. `Policy` says the rules, `GateDecision` what came of them, `AuditLog` keeps a record.
"""

from __future__ import annotations

from originality.gate.audit import AuditLog
from originality.gate.decision import Cause, GateDecision, PolicyName, decide
from originality.gate.phrases import ACTION_NAMES
from originality.gate.policy import FORMAT, LANES, Action, Authorisation, Policy, Rule
from originality.gate.sieve import Sieve
from originality.gate.thresholds import Threshold

__all__ = [
    "ACTION_NAMES",
    "FORMAT",
    "LANES",
    "Action",
    "AuditLog",
    "Authorisation",
    "Cause",
    "GateDecision",
    "Policy",
    "PolicyName",
    "Rule",
    "Sieve",
    "Threshold",
    "decide",
]
