# make app    install into .venv, build the demo index, open the page
# make test   install and run all checks and tests
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO_INDEX ?= index/demo
PORT ?= 8501

.PHONY: app test check fmt docs demo clean

$(VENV)/.app: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt torch
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[fast]'
	touch $@

$(VENV)/.dev: $(VENV)/.app
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[fast,serve,dev]'
	touch $@

demo: $(VENV)/.app
	$(BIN)/originality collect demo/posts --index $(DEMO_INDEX)

app: demo
	$(BIN)/originality app --index $(DEMO_INDEX) --port $(PORT)

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check
	$(BIN)/pytest

fmt: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.dev
	$(BIN)/python docs/generate.py

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
