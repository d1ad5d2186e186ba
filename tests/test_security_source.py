"""Promises that are kept by what the source does not say (docs/security.md), read from its syntax trees."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted([*ROOT.glob("originality/**/*.py"), *ROOT.glob("page/*.py"), ROOT / "app.py"])
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in SOURCES}

QUERIES = {"execute", "executemany", "executescript", "rows", "_among"}  # what hands its first argument to SQLite
# What may stand in a query beside its own text: never a value, always something of this list.
BLANKS = {
    "marks": "question marks, one per value",
    "_MARKS": "question marks, one per column",
    "POST_COLUMNS": "the names of our own columns",
    "table": "a name out of a tuple of ours, two lines above",
    "column": "a name out of a tuple of ours, two lines above",
    "columns": "the names of our own columns",
    "pragma": "one of PRAGMAS",
    "about": "a condition of ours over question marks",
    "where": "conditions of ours, joined",
    "order": "a clause of ours",
    "query": "a query of ours, looked at where it is made",
    "FORMAT": "a whole number of ours",
    "COMPACT_FORMAT": "a whole number of ours",
    "VERSION": "a whole number of ours",
    "APPLICATION_ID": "a whole number of ours",
    "' AND '.join(conditions) or '1'": "conditions of ours, joined",
    "', '.join((f'{n}=:{n}' for n in facts))": "the names of our own columns",
    "_quoted(table)": "a name in the file of somebody else, quoted",
    "_quoted(table.name)": "a name in the file of somebody else, quoted",
    "name": "a name of ours",
}
SQL = re.compile(r"\b(?:SELECT|INSERT|UPDATE|DELETE|PRAGMA|DROP|CREATE|VACUUM|ATTACH)\b\s")


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def blanks_of(node: ast.expr) -> Iterator[str]:
    """Yield what a query is put together from, beside constants."""
    if isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield ast.unparse(part.value)
    elif isinstance(node, ast.BinOp):
        yield from blanks_of(node.left)
        yield from blanks_of(node.right)
    elif isinstance(node, ast.IfExp):
        yield from blanks_of(node.body)
        yield from blanks_of(node.orelse)
    elif not isinstance(node, ast.Constant | ast.Name | ast.Attribute | ast.Call) or _is_format(node):
        yield ast.unparse(node)


def _is_format(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and name_of(node) == "format"


def queries(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield the first argument of all that asks SQLite, and every text put together that reads like SQL."""
    for call in calls(tree):
        if name_of(call) in QUERIES and call.args:
            yield call.args[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr | ast.BinOp):
            said = "".join(str(each.value) for each in ast.walk(node) if isinstance(each, ast.Constant))
            if SQL.match(said):
                yield node


def test_values_reach_sqlite_as_parameters_only():
    found = {(file, blank) for file, tree in TREES.items() for query in queries(tree) for blank in blanks_of(query)}
    assert [(file, blank) for file, blank in sorted(found) if blank not in BLANKS] == []
    assert {blank for _, blank in found} >= {"marks", "_quoted(table.name)"}, "else the test looks past the queries"


@pytest.mark.parametrize("text", ["f'SELECT {x}'", "'SELECT ' + x", "'SELECT %s' % x", "'SELECT {}'.format(x)"])
def test_this_test_sees_a_query_with_a_value_in_it(text):
    tree = ast.parse(f"def ask(database, x):\n    database.execute({text})\n")
    blanks = [blank for query in queries(tree) for blank in blanks_of(query)]
    names = [query for query in queries(tree) if isinstance(query, ast.BinOp) and not list(blanks_of(query))]
    assert [blank for blank in blanks if blank not in BLANKS] or names


def test_names_of_foreign_tables_are_quoted():
    import sqlite3

    from originality.collect.sqlite import _quoted

    for name in ('a"; DROP TABLE b; --', "a'b", "[x]", "`y`", 'weibo" --', "微博"):
        database = sqlite3.connect(":memory:")
        database.execute(f"CREATE TABLE {_quoted(name)}(text)")
        database.execute("CREATE TABLE b(text)")
        assert database.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone() == (0,)
        assert {each for (each,) in database.execute("SELECT name FROM sqlite_master")} == {name, "b"}
        database.close()


# What runs what a file says. Where it is needed for something else, the file and the reason.
RUNNING = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
ALLOWED = {("originality/workers.py", "pickle"): "over a pipe to a process that we have started ourselves"}


def test_nothing_that_runs_what_a_file_says_is_used():
    imported = {
        (file, alias.name.partition(".")[0])
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in ([ast.alias(node.module or "")] if isinstance(node, ast.ImportFrom) else node.names)
    }
    assert {each for each in imported if each[1] in RUNNING} == set(ALLOWED)
    called = {(file, ast.unparse(call.func)) for file, tree in TREES.items() for call in calls(tree)}
    forbidden = {"eval", "exec", "compile", "torch.load", "yaml.load", "os.system", "os.popen", "__import__"}
    assert {each for each in called if each[1] in forbidden} == set()


def test_arrays_are_read_without_pickles_and_models_without_code():
    for file, tree in TREES.items():
        for call in calls(tree):
            given = {each.arg: ast.unparse(each.value) for each in call.keywords}
            if ast.unparse(call.func) in {"np.load", "numpy.load"}:
                assert given.get("allow_pickle", "False") == "False", file
            assert given.get("trust_remote_code", "False") == "False", file
            assert given.get("weights_only", "True") == "True", file
            assert given.get("shell", "False") == "False", file


def test_the_token_is_compared_in_constant_time():
    """Two texts are compared by == from the left; how long that takes tells how much of a guess was right."""
    guard = TREES["originality/serve/guard.py"]
    (compared,) = [call for call in calls(guard) if name_of(call) == "compare_digest"]
    assert [ast.unparse(each) for each in compared.args] == ["given.encode()", "f'Bearer {wanted}'.encode()"]
    for path, tree in TREES.items():
        if path.startswith("originality/serve/"):
            for node in (each for each in ast.walk(tree) if isinstance(each, ast.Compare)):
                sides = {ast.unparse(side) for side in (node.left, *node.comparators)}
                assert not [side for side in sides if side.endswith(".token")], path
                assert tree is not guard or not sides & {"wanted", "given"}


def test_every_finding_of_bandit_that_is_silenced_says_why():
    silenced = [
        (path.name, line) for path in SOURCES for line in path.read_text("utf-8").splitlines() if "nosec" in line
    ]
    assert silenced
    for name, line in silenced:
        assert re.search(r"# nosec B\d{3}: \w.{8,}", line), f"{name}: {line}"
    settings = (ROOT / "pyproject.toml").read_text("utf-8").partition("[tool.bandit]")[2].partition("\n[")[0]
    for line in settings.splitlines():
        assert not re.match(r'\s+"B\d', line) or re.search(r'",  # \w.{8,}', line), line


def test_there_is_no_workflow_file_that_nobody_checks():
    """The day there is one, `make check` needs zizmor for it."""
    assert not [path for name in (".github", ".gitlab-ci.yml", ".circleci") if (path := ROOT / name).exists()]


PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = re.findall(r"`(test_\w+)`", PAGE)


def test_each_promise_names_a_test_and_each_test_holds_one():
    tests = {
        node.name
        for path in (ROOT / "tests").glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    assert [name for name in NAMED if name not in tests] == []
    promises = [
        line
        for line in PAGE.splitlines()
        if line.startswith("| ") and not line.startswith(("| promise |", "| who | may"))
    ]
    assert [line for line in promises if "`test_" not in line] == []
    ours = {
        node.name
        for path in (ROOT / "tests").glob("test_security*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    assert ours - set(NAMED) == {"test_this_test_sees_a_query_with_a_value_in_it"}
