# Gemba: what one types. `make` alone lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
WORKERS ?= 2
PYTEST_ARGS ?=

.PHONY: help demo test lint format check-cases check-real bench bench-supply docs lock clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.warm ## Install, load the demonstrations, plan them, serve; prints the address and the sign-in
	$(BIN)/gemba demo

test: lint $(VENV)/.warm ## Check style, types and imports, then run every test with coverage
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --cov --cov-report=term $(PYTEST_ARGS)

lint: $(VENV)/.dev ## Check style, types and which room imports which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev ## Rewrite the code in the house style
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

check-cases: DATA ?= ../shared/data/planning_cases
check-cases: $(VENV)/.warm ## Plan the published planning cases and check every plan (DATA=folder)
	$(BIN)/python -m benchmarks.check_cases $(DATA)

check-real: DATA ?= ../shared/data/enterprise
check-real: $(VENV)/.warm ## Read, plan and measure the real data sets (DATA=folder)
	$(BIN)/python -m benchmarks.check_real $(DATA)

bench: DATA ?= ../shared/data
bench: SAMPLE ?= 3
bench: $(VENV)/.warm ## Measure every engine on a few instances of each class (DATA=folder SAMPLE=number)
	$(BIN)/python -m benchmarks all $(DATA) --sample $(SAMPLE)

bench-supply: $(VENV)/.warm ## Measure the supply engine
	$(BIN)/python -m benchmarks.supply

docs: $(VENV)/.run ## Write the generated reference pages again
	$(BIN)/python -m gemba.operation.reference docs/reference

# The pins carry no address of any index: whoever installs uses the one of their own machine.
LOCK := pip-compile --quiet --generate-hashes --allow-unsafe --no-strip-extras --no-header --no-emit-index-url \
	--no-emit-find-links --no-emit-trusted-host --build-deps-for editable \
	--extra web --extra postgres --extra analytics
lock: $(VENV)/.dev ## Pin the requirements again, with hashes, from pyproject.toml
	$(BIN)/$(LOCK) -o requirements/run.txt pyproject.toml
	$(BIN)/$(LOCK) --extra dev -c requirements/run.txt -o requirements/dev.txt pyproject.toml

clean: ## Remove the environment and all that the tools leave behind
	rm -rf $(VENV) build dist .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: a second run installs nothing.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Gemba needs Python 3.11 or later (make PYTHON=...)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/.made
	$(PIP) install --quiet --require-hashes -r requirements/run.txt
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/.made
	$(PIP) install --quiet --require-hashes -r requirements/dev.txt
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	touch $(VENV)/.run $@

# Compile the search once, so that no user's first plan waits for the compiler.
$(VENV)/.warm: $(VENV)/.run $(wildcard gemba/solvers/*.py gemba/solvers/*/*.py)
	@if [ -e gemba/solvers/warm.py ]; then $(BIN)/python -m gemba.solvers.warm; fi
	@touch $@
