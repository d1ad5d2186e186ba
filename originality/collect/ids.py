"""Ids of posts: always text, never through a floating-point number.

A Weibo post has two names: the mid, a number of 16 digits, and the bid that its links show. They are the same number:
from the right, each four characters of the bid in base 62 are seven digits of the mid. So a bid gives back the id that
a spreadsheet rounded to 15 digits, and files that know only one of the two meet files that know only the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b

_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUE = {letter: value for value, letter in enumerate(_ALPHABET)}
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_GROUP = 10**7
_EXACT_FLOAT = 2**53  # from here on, neighbouring whole numbers are one floating-point number

# Nine characters; a tenth comes with mids from 6.2e15 on; until summer 2011 there were six.
_BID = re.compile(r"[0-9A-Za-z]{9,10}|[0-9A-Za-z]{6}")
_OLD_BID = 6
_MID = re.compile(r"[1-9][0-9]{15}")
_ANY_MID = re.compile(r"[1-9][0-9]{9,10}|[1-9][0-9]{15}")
_WHOLE_FLOAT = re.compile(r"([0-9]+)\.0+")
_SCIENTIFIC = re.compile(r"([0-9])(?:\.([0-9]+))?([eE])\+?([0-9]{1,2})")
_GUARDED = re.compile(r'="(.*)"')  # a formula that keeps Excel from reading a number
_IN_LINK = re.compile(
    r"weibo\.(?:com|cn)/(?:detail/|status/|statuses/(?:show\?id=)?|[0-9]{5,}/)([0-9]{16}|[0-9A-Za-z]{9,10})(?![0-9A-Za-z])"
)
_UID_IN_LINK = re.compile(r"weibo\.(?:com|cn)/(?:u/)?([0-9]{5,})(?![0-9A-Za-z])")


def bid_to_mid(bid: str) -> str | None:
    """Return the mid that a bid stands for, or None where it can be no bid."""
    if not _BID.fullmatch(bid):
        return None
    digits = ""
    for end in range(len(bid), 0, -4):
        number = 0
        for letter in bid[max(0, end - 4) : end]:
            number = number * 62 + _VALUE[letter]
        if number >= _GROUP:
            return None
        digits = f"{number:07d}" + digits
    mid = digits.lstrip("0")
    return mid if _ANY_MID.fullmatch(mid) else None


def mid_to_bid(mid: str) -> str | None:
    """Return the bid of a mid, or None where it is no number of 16 digits, or of 10 or 11, as the first years had."""
    if not _ANY_MID.fullmatch(mid):
        return None
    bid = ""
    for end in range(len(mid), 0, -7):
        first, second = divmod(int(mid[max(0, end - 7) : end]), len(_PAIRS))
        bid = _PAIRS[first] + _PAIRS[second] + bid
    return bid.lstrip("0")


def id_in_link(link: str) -> str:
    """Return the id (mid or bid) in a link to a Weibo post, or ""."""
    found = _IN_LINK.search(link)
    name = found.group(1) if found else ""
    return "" if name.isalpha() and name.islower() else name  # weibo.com/123456/followers


def uid_in_link(link: str) -> str:
    """Return the account's number in a link to its page or post, or ""."""
    found = _UID_IN_LINK.search(link)
    return found.group(1) if found else ""


def as_id(value: object) -> str | None:
    """Return a cell as an id: "" where it is empty, None where a spreadsheet has destroyed it."""
    if value is None or isinstance(value, bool | dict | list):
        return ""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _from_float(value)
    text = str(value).strip()
    if text.isascii() and text.isdigit():  # nearly all of them
        return text
    text = text.lstrip("'")
    if guarded := _GUARDED.fullmatch(text):
        text = guarded.group(1).strip()
    if whole := _WHOLE_FLOAT.fullmatch(text):
        text = whole.group(1)
    scientific = _SCIENTIFIC.fullmatch(text)
    return _from_scientific(scientific) if scientific else text


def _from_float(value: float) -> str | None:
    if value != value:  # how tables of numbers say "empty"
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT_FLOAT else None


def _from_scientific(found: re.Match[str]) -> str | None:
    first, decimals, letter, exponent = found.group(1), found.group(2) or "", found.group(3), int(found.group(4))
    if exponent < 9:  # too short for an id that was a number: "12E5" is a name like any other
        return found.group(0)
    # Python writes all digits that are not 0 and a small e; Excel a capital E, and rounds.
    exact = len(decimals) == exponent or (letter == "e" and len(decimals) < exponent)
    number = first + decimals.ljust(exponent, "0")
    return number if exact and int(number) < _EXACT_FLOAT else None


def repaired(post_id: str | None, others: Iterable[str]) -> str | None:
    """Return the id made whole with the help of other names of the same post (bids, links' ids), or None.

    :param post_id: what `as_id` gave; None where it is destroyed. An id of 16 digits that ends in 0 may have been
        rounded by a spreadsheet: it is replaced where another name agrees with its first 14 digits.
    """
    rounded = post_id is not None and post_id.endswith("0") and _MID.fullmatch(post_id)
    if post_id and not rounded:
        return post_id
    for other in others:
        mid = other if _MID.fullmatch(other) else bid_to_mid(other)
        if mid and (not post_id or mid[:14] == post_id[:14]):
            return mid
    return post_id


def canonical(post_id: str, *, surely_weibo: bool) -> str:
    """Return the mid for a bid, anything else as it is.

    :param surely_weibo: False where the column may hold the ids of any system: then only what mixes capitals and
        small letters at today's length is taken for a bid, as 98 of 100 bids do.
    """
    if not surely_weibo and (len(post_id) <= _OLD_BID or post_id.islower() or post_id.isupper()):
        return post_id
    return bid_to_mid(post_id) or post_id


def made_up(account: str, published_at: str, text: str) -> str:
    """Return a stable id for a post whose file has none: the same post gets the same one in every run."""
    parts = f"{account}\x00{published_at}\x00{text}".encode("utf-8", "surrogatepass")
    return "x" + blake2b(parts, digest_size=8).hexdigest()
