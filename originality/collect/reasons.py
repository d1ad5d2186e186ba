"""Why an item of a file did not become a post: the fixed phrases under which such items are counted."""

from __future__ import annotations

BAD_JSON = "bad JSON"
NOT_AN_OBJECT = "not an object"
NO_TEXT = "no text"
NO_COLUMNS = "row has no columns"
TOO_MANY_CELLS = "more cells than columns"
OUT_OF_LINE = "columns out of line"
OPEN_QUOTE = "quotation mark never closed"
REPEATED_HEADER = "repeated header"
DAMAGED_ID = "id damaged by a spreadsheet"
UNDECODABLE = "undecodable bytes"
DAMAGED_REST = "rest of the file is damaged"
NOT_A_POST_FILE = "not a post file"
UNREADABLE = "file cannot be read as posts"
OTHERS_POST = "reposted original of another account"
DELETED = "notice of a deleted post"
NO_POST = "part of a reply without a post"

ALL = frozenset(
    {
        BAD_JSON,
        NOT_AN_OBJECT,
        NO_TEXT,
        NO_COLUMNS,
        TOO_MANY_CELLS,
        OUT_OF_LINE,
        OPEN_QUOTE,
        REPEATED_HEADER,
        DAMAGED_ID,
        UNDECODABLE,
        DAMAGED_REST,
        NOT_A_POST_FILE,
        UNREADABLE,
        OTHERS_POST,
        DELETED,
        NO_POST,
    }
)
