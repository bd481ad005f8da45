# For developers: the same as CI, in pieces. `make` alone says what there is.
# PYTHON: the interpreter of an environment with `pip install -e '.[dev]'`.
PYTHON ?= .venv/bin/python
BIN := $(dir $(PYTHON))

.PHONY: help install check lint format types test docs recording examples ci

help:
	@awk -F ': ## ' '/^[a-z]+: ## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: ## a virtual environment with all that developing needs
	python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]'

check: ## lint, types and tests, in the environment at hand
check: lint types test

lint: ## ruff: rules and format
	$(BIN)ruff check && $(BIN)ruff format --check

format: ## mend what ruff can mend
	$(BIN)ruff check --fix && $(BIN)ruff format

types: ## mypy --strict
	$(BIN)mypy

test: ## the tests
	$(BIN)pytest

docs: ## write docs/commands.md anew from --help
	$(PYTHON) docs/refresh_help.py

recording: ## record docs/session.svg anew, from the real program
	$(PYTHON) docs/record.py

examples: ## write the examples anew
	$(PYTHON) examples/make_leads.py

ci: ## what CI runs: clean clones of what is committed, the README's two commands, lint, types
	bash .ci/run
