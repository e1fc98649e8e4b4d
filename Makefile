# Two commands set up everything: `make demo` runs a demonstration region, `make test` runs the tests.
# Both need Python 3.11 or later and nothing else. PYTHON=/path/to/python3.12 chooses one.

.DEFAULT_GOAL := help
BIN := .venv/bin

.venv/.ready: pyproject.toml uv.lock
	@bin/environment

.venv/.ready-dev: pyproject.toml uv.lock
	@bin/environment dev

.PHONY: help demo test check bench format messages
help: ## What can be made
	@grep -hE '^[a-z]+:.*##' Makefile | sed 's/:.*## /: /'

demo: .venv/.ready ## A demonstration region with a year of invented appeals, at http://127.0.0.1:8000
	@$(BIN)/dauys demo

test: .venv/.ready-dev ## All tests; those in a browser need Chromium and say so when it is absent
	$(BIN)/python -m pytest -n 2 --dist loadfile -q

check: .venv/.ready-dev ## Format, lint, types, import contracts, migrations, translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy dauys
	$(BIN)/lint-imports
	$(BIN)/djlint dauys --lint --quiet
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python bin/messages --check

bench: .venv/.ready-dev ## Measure intake, import and pages on this machine
	$(BIN)/dauys bench all

format: .venv/.ready-dev ## Bring code and templates into the one form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

messages: .venv/.ready-dev ## Gather new sentences into the translation catalogues
	$(BIN)/python bin/messages
