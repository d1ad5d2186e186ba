"""The records that travel between stages.

    Post -> CleanText -> Candidate -> Alignment -> Match -> CheckResult

All are frozen. Spans are half-open ``[start, end)`` character offsets into the ORIGINAL text, everywhere outside
``clean`` and ``align``. Scores lie in [0, 1] and 1 means most alike, but for ``originality``, where 1 means new.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal

BEIJING = timezone(timedelta(hours=8), "CST")
"""What Weibo shows, and so do its exporters: the zone of every time that names none."""

SpanKind = Literal["exact", "near", "rewrite"]
MatchKind = Literal["verbatim", "near", "rewrite", "template", "idea"]
Lane = Literal["wording", "template", "idea"]
Verdict = Literal["original", "review", "imitation", "copied", "undetermined"]
Caveat = Literal[
    "empty",  # nothing to check: no text was given
    "nothing_left_after_cleaning",  # only emoji, links, topics, mentions or platform text
    "too_short",  # fewer letters than a verdict can rest on
    "too_long",  # longer than the limit of one draft: only the first part was checked
    "only_boilerplate",  # every word is what many accounts say
    "index_empty",  # there is nothing to compare with
    "invalid_characters",  # lone surrogates were read as U+FFFD
    "authorised_reuse",  # posts that the account may reuse were left out
    "declared_repost",  # the words after //@ are a declared repost and were left out
    "source_may_be_later",  # a matching post has no time, or is not earlier than the draft
    "source_truncated",  # a matching post was cut by the exporter: more of it may match
]
DisguiseKind = Literal[
    "traditional",  # 繁体 for simplified characters
    "fullwidth",  # full-width and styled letters and digits
    "invisible",  # zero-width, private-use and combining characters
    "separated",  # dots, blanks and other marks between letters
    "emoji",  # pictures inside words
    "homophone",  # 谐音
    "lookalike",  # 形近
    "split",  # 拆字: 女子 for 好
    "pinyin",  # youhuiquan
    "initials",  # yhq
    "numerals",  # numbers in words for digits, or digits for words
    "punctuation",  # marks swapped
    "reordered",  # clauses in another order
    "sprinkled",  # hashtags and mentions strewn in
]
ALARMS: frozenset[Verdict] = frozenset({"imitation", "copied"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One collected item, as published. ``post_id`` is unique and always a string."""

    post_id: str
    account: str
    text: str
    published_at: datetime | None = None
    """Time of publication with its zone; None where the file does not tell."""
    account_id: str = ""
    url: str = ""
    platform: str = "weibo"
    reposts: int | None = None
    comments: int | None = None
    likes: int | None = None
    truncated: bool = False
    """True where the exporter cut the text ("...全文"): a fuller text of the same post replaces it."""
    repost_of: str = ""
    """Id of the post that this one reposts, or "" where it is none or unknown."""
    raw: str = ""
    """The text as imported, where it holds more than the account's own words (a repost chain, the quoted original)."""
    edits: int | None = None
    """How often the author edited the post, or what else grows with each edit; None where the file does not tell."""
    at_least: bool = False
    """True where a count is a floor: the site shows "100万+" and no more."""
    seen_at: datetime | None = None
    """When the exporter read the post, which dates its counts; None where the file does not tell."""
    text_seen_at: datetime | None = None
    """When the text was read, where the counts are of another reading of the post; None where they are of the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """One item of a file that did not become a post. Dropped items are counted by reason, never lost."""

    reason: str
    """A short fixed phrase, e.g. "no text": the counts are kept by it."""
    file: Path
    line: int = 0
    """Line, row or position in the file, from 1; 0 where the whole file is meant."""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanText:
    """A text made comparable, with the way back to the original.

    ``text[i]`` came from ``original[starts[i]:ends[i]]``.
    """

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    passages: tuple[tuple[int, int], ...]
    """Sentence-like units as spans of ``text``, in order, without overlap."""
    letters: str
    """The letters, digits and Han characters of ``text`` in lower case: what fingerprints and alignment see."""
    letter_at: tuple[int, ...]
    """Position in ``text`` of each character of ``letters``."""
    topics: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    repost: bool = False
    """True where a ``//@`` chain was cut off: declared reuse."""

    def units(self) -> tuple[str, ...]:
        """Return what is embedded: the whole text, then its passages where there are several; () without letters."""
        if not self.letters:
            return ()
        passages = [self.text[start:end].strip() for start, end in self.passages]
        return (self.text, *passages) if len(passages) > 1 else (self.text,)

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that gave ``text[start:end]`` (not empty)."""
        return self.starts[start], self.ends[end - 1]

    def original_letters(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that gave ``letters[start:end]`` (not empty)."""
        return self.original_span(self.letter_at[start], self.letter_at[end - 1] + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A source that retrieval found and nobody has verified yet. ``row`` is its number in the index."""

    row: int
    shared_fingerprints: int = 0
    resemblance: float = 0.0
    """Estimated Jaccard of the character shingles, from the MinHash signatures."""
    cosine: float = 0.0
    """Cosine of the two whole texts' embeddings; a raw figure that must never be shown."""


@dataclass(frozen=True, slots=True)
class Span:
    """A pair of corresponding spans, both in original coordinates."""

    draft: tuple[int, int]
    source: tuple[int, int]
    kind: SpanKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What can be said about a pair in words: counts and quotations, nothing weighed."""

    matched: int
    """Own letters of the draft found in the source."""
    longest: str
    """The longest unbroken run of them, quoted from the draft."""
    answered: int
    """Passages of the draft that a passage of the source answers more closely than the topic brings along."""
    passages: int
    in_order: bool
    """The answers come in the same order in the source."""
    rare_words: tuple[str, ...]
    """Shared words that few posts have, rarest first."""
    numbers: tuple[str, ...]
    """Shared numbers of two digits and more."""
    same_points: bool = False
    """The cross-encoder, which has read both, takes the one for a rewriting of the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One source with the evidence against the draft, best first in a result."""

    post_id: str
    account: str
    published_at: datetime | None
    url: str
    text: str
    risk: float
    """Calibrated probability that an editor would call the draft copied or closely imitated from this post."""
    kind: MatchKind
    containment_of_draft: float
    """Share of the draft's own letters (boilerplate left out) found in this source."""
    containment_of_source: float
    """Share of the source's letters found in the draft."""
    spans: tuple[Span, ...]
    reasons: tuple[str, ...]
    template_risk: float = 0.0
    """The same for the skeleton. Not part of the JSON, like `idea_risk`."""
    idea_risk: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Boilerplate:
    """A span of the draft that is everybody's, with how many posts by how many accounts carry it."""

    span: tuple[int, int]
    posts: int
    """0 where a rule of ours, not the corpus, knows it for a formula."""
    accounts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disguise:
    """A stretch of the draft that was written so that a search does not find it."""

    span: tuple[int, int]
    kind: DisguiseKind
    reading: str
    """What it reads as, folded; "" where only its place is odd."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexInfo:
    """What a result was checked against."""

    posts: int
    as_of: datetime | None
    """Time of the newest post in the index."""
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The answer for one draft; `to_dict` gives the published JSON contract."""

    id: str
    verdict: Verdict
    risk: float
    originality: float
    """1 minus the share of the draft's own letters covered by any source; adding a source never raises it."""
    template_risk: float
    idea_risk: float
    matches: tuple[Match, ...] = ()
    boilerplate: tuple[Boilerplate, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    disguises: tuple[Disguise, ...] = ()
    """How the copied words of an alarm were disguised, in order; () without an alarm."""
    index: IndexInfo
    elapsed_ms: float = 0.0
    lane: Lane | None = None
    """The question that gave the verdict; None where nothing was found. Not part of the JSON."""
    draft: str = field(default="", repr=False)
    """The text that was checked; offsets count in it. Not part of the JSON."""

    @property
    def is_alarm(self) -> bool:
        """Say whether the verdict is one that should stop a publication."""
        return self.verdict in ALARMS

    @property
    def best(self) -> Match | None:
        """The match that the verdict speaks of: the strongest in its lane."""
        if not self.matches or self.lane is None:
            return None
        if self.lane == "wording":
            return self.matches[0]
        return max(self.matches, key=lambda match: match.template_risk if self.lane == "template" else match.idea_risk)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON contract: plain types only, times in ISO 8601, figures rounded to four places."""
        return {
            "id": self.id,
            "verdict": self.verdict,
            "risk": round(self.risk, 4),
            "originality": round(self.originality, 4),
            "template_risk": round(self.template_risk, 4),
            "idea_risk": round(self.idea_risk, 4),
            "matches": [_match_dict(match) for match in self.matches],
            "boilerplate": [list(item.span) for item in self.boilerplate],
            "caveats": list(self.caveats),
            **({"disguises": [_disguise_dict(item) for item in self.disguises]} if self.disguises else {}),
            "index": {"posts": self.index.posts, "as_of": _iso(self.index.as_of), "stamp": self.index.stamp},
            "elapsed_ms": round(self.elapsed_ms, 1),
        }


def _match_dict(match: Match) -> dict[str, Any]:
    return {
        "post_id": match.post_id,
        "account": match.account,
        "published_at": _iso(match.published_at),
        "url": match.url,
        "text": match.text,
        "risk": round(match.risk, 4),
        "kind": match.kind,
        "containment_of_draft": round(match.containment_of_draft, 4),
        "containment_of_source": round(match.containment_of_source, 4),
        "spans": [{"draft": list(s.draft), "source": list(s.source), "kind": s.kind} for s in match.spans],
        "reasons": list(match.reasons),
    }


def _disguise_dict(item: Disguise) -> dict[str, Any]:
    return {"span": list(item.span), "kind": item.kind, "reading": item.reading}


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time else None
