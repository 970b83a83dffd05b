# Guichet: the commands. «make run» to live it, «make test» to prove it.
.PHONY: run test check bench clean format messages

PORT ?= 8000
DATA_DIR ?=
PYTHON ?=
export PORT PYTHON
ifneq ($(DATA_DIR),)
export DATA_DIR
endif

run: ## the demonstration world, the site and its worker
	@sh tools/run.sh

test: ## every test, on SQLite and on PostgreSQL
	@sh tools/bootstrap.sh dev
	@.venv/bin/python -m tools.test

check: ## format, lint, types, floors of the house, translations, migrations, procedures
	@sh tools/bootstrap.sh dev
	@.venv/bin/python -m tools.check

bench: ## timings, as ratios taken in one run
	@sh tools/bootstrap.sh dev
	@.venv/bin/python -m bench

format: ## puts the code in its format
	@sh tools/bootstrap.sh dev
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

messages: ## extracts the texts into the catalogues
	@sh tools/bootstrap.sh dev
	@.venv/bin/python -m tools.messages

clean: ## removes what the commands made
	rm -rf .venv var static-build test-results .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find guichet -name '*.mo' -delete
