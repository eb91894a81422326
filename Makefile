# `make demo` and `make test` do everything from a bare checkout: both set up first, and setting up twice costs nothing.

VENV ?= .venv
PYTHON_IN_VENV := $(VENV)/bin/python
# Bundled tasks that `make demo` proves: folders under datasets/starter.
DEMO_TASKS ?= dafny/fib-loop dafny/odd_numbers_sum dafny/array-max lean/join_assoc lean/reverse_accumulator
PYTEST_ARGS ?=
# A process for each core, and 8 at most: `PYTEST_ARGS="-n 0"` for one. Tests of a verifier stay together by file, as they
# share warm ones.
PYTEST := $(PYTHON_IN_VENV) -m pytest -n auto --maxprocesses 8

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format test-unit test-integration test-slow wheel clean
export VENV

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 20

setup: ## virtual environment, Dafny, z3 4.8.5, Lean (only what is missing)
	@scripts/setup.sh

demo: ## set up what proving needs (no language models, no tools of ours), prove a few bundled tasks, show the proofs
	@EXTRAS="$${EXTRAS-lean}" MODELS="$${MODELS-}" CLUSTER="$${CLUSTER-}" scripts/setup.sh
	@scripts/demo.sh $(DEMO_TASKS)

test: ## set up, lint, and run all tests but the slow ones
	@$(MAKE) --no-print-directory setup
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory test-unit
	@$(MAKE) --no-print-directory test-integration

lint: ## ruff, mypy --strict, layers
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

format: ## rewrite the sources in the project's style
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

test-unit: ## tests with fakes: seconds
	$(PYTEST) --dist worksteal tests/unit $(PYTEST_ARGS)

test-integration: ## tests that drive the real verifier
	$(PYTEST) --dist loadfile --no-loadscope-reorder -m "not slow" tests/integration $(PYTEST_ARGS)

test-slow: ## further cases of what test-integration shows
	$(PYTEST) --dist loadfile --no-loadscope-reorder -m slow tests/integration $(PYTEST_ARGS)

wheel: setup ## build the wheel into dist/
	$(PYTHON_IN_VENV) -m pip wheel --quiet --no-deps --wheel-dir dist .

clean: ## remove caches and build output (keeps the virtual environment)
	rm -rf dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
