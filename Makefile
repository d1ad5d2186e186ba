# make app    install into .venv, build the demo index, open the page
# make test   install and run all checks and tests
# make audit  ask the network whether what is installed has known weaknesses
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO_INDEX ?= index/demo
PORT ?= 8501

.PHONY: app test check audit fmt docs demo clean

$(VENV)/.app: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt torch
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[fast]'
	touch $@

$(VENV)/.dev: $(VENV)/.app
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[fast,serve,login,dev]'
	touch $@

$(DEMO_INDEX)/posts.sqlite: $(VENV)/.app $(wildcard demo/posts/*)
	$(BIN)/originality collect demo/posts --index $(DEMO_INDEX)
	touch $@

demo: $(DEMO_INDEX)/posts.sqlite

app: demo
	$(BIN)/originality app --index $(DEMO_INDEX) --port $(PORT)

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit -q -c pyproject.toml -r originality page app.py

test: check
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile

# Needs the network, so it is no part of check or test. Every package at the version that is installed, the pinned ones
# among them; strict: one that cannot be looked up is a failure. The mark of a CPU build is not part of a version.
audit: $(VENV)/.dev
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[audit]'
	mkdir -p build
	$(BIN)/pip freeze --exclude-editable | sed 's/+cpu$$//' > build/installed.txt
	grep -v '^#' constraints.txt | while read -r pin; do grep -qxF "$$pin" build/installed.txt || exit 1; done
	$(BIN)/pip-audit --strict --disable-pip --no-deps -r build/installed.txt

fmt: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.dev
	$(BIN)/python docs/generate.py

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
