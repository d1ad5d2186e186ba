"""What can go wrong, as one tree.

Every failure that a caller can foresee is one of these. Each message says the rule, what was seen and what to do
next, in one line: the command line prints it as it is, the page shows it in a box.

    OriginalityError
    ├── SettingsError     a setting is unknown, malformed or out of range
    ├── CollectError      a file cannot be read as posts
    ├── RegisterError     the register of accounts is malformed, or has no such account
    ├── LiveError         Weibo did not give an account's posts; `live.faults` tells the reasons apart
    ├── PolicyError       a policy of the gate is malformed
    ├── CalibrationError  the calibration of an index is malformed, or what is asked of it cannot be told
    ├── AuditError        the audit log cannot be written
    ├── ServiceError      the HTTP service cannot start as asked
    ├── WorkerError       a process that shared the work of `check_many` went away
    ├── EncoderError      the text encoder cannot be loaded
    ├── ModelError        the judge's model file is missing or of another version
    └── IndexFault        the index is missing, foreign, damaged or built with other settings
        └── StampError    settings, model or format differ from those the index was built with
"""

from __future__ import annotations


class OriginalityError(Exception):
    """Base of all errors that this package raises on purpose.

    Catch it to catch them all:

        try:
            checker = Checker.open("index")
        except OriginalityError as error:
            print(error)
    """


class SettingsError(OriginalityError):
    """A setting is unknown, malformed or out of range."""


class CollectError(OriginalityError):
    """A file cannot be read as posts. Nothing of it has been indexed."""


class RegisterError(OriginalityError):
    """The register of accounts is malformed, or a name in it or asked of it is wrong."""


class LiveError(OriginalityError):
    """Weibo did not give an account's posts. What came before is safely in the index."""


class PolicyError(OriginalityError):
    """A policy of the gate is malformed. The message names file and key."""


class CalibrationError(OriginalityError):
    """The calibration of an index is malformed, or what is asked of it cannot be told."""


class AuditError(OriginalityError):
    """The audit log cannot be written: what cannot be recorded must not pass unnoticed."""


class ServiceError(OriginalityError):
    """The HTTP service cannot start as asked."""


class WorkerError(OriginalityError):
    """A process that shared the work of `check_many` went away. Results given before are right."""


class EncoderError(OriginalityError):
    """The text encoder cannot be loaded or its weights are not the expected ones."""


class ModelError(OriginalityError):
    """The model file that the package ships is missing, damaged or of another version."""


class IndexFault(OriginalityError):
    """The index is missing, foreign or damaged."""


class StampError(IndexFault):
    """The index was built with other settings, another model or another format than this run uses."""
