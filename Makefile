# Everything a newcomer or a machine runs. `make` alone lists it.
PORT ?= 8080
KILLS ?= 20
BLOWS ?= 8
BIN := .venv/bin
PYTEST := $(BIN)/pytest -q -n auto --dist worksteal

# `make check` leaves out what starts browsers or kills processes.
FAST := not long and not browser and not crash

export PYTHON
# Tests start hundreds of processes: without bytecode each would compile all it imports again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run test test-long test-search test-crash test-machines check lint format bench lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: ## make .venv with exactly what requirements.lock pins
	@scripts/setup.sh

run: setup ## the demo: a customer and an agent on one page (PORT=8080)
	@$(BIN)/deskbridge demo --port $(PORT)

test: setup lint ## every check and every test, except the long ones
	@echo "test: everything but the long tests"
	@$(PYTEST) -m "not long"

# Most of them wait most of the time, so there are more of them at once than cores.
test-long: setup ## the tests that take too long for `make test`
	@echo "test-long: the long tests"
	@$(BIN)/pytest -q -n 4 --dist worksteal -m "long and not alone"
	@echo "test-long: what must run alone"
	@$(BIN)/pytest -q -m "long and alone"

test-search: setup ## every property with a thousand new examples
	@echo "test-search: properties, with examples that nobody has tried"
	@$(PYTEST) -m "hypothesis and not long" --hypothesis-profile search

test-crash: setup ## kill a desk on every platform, print what was lost (KILLS=20, POINTS=--points)
	@$(BIN)/python -m tests.crash --kills $(KILLS) $(POINTS)

test-machines: setup ## one desk on three machines, cables pulled out (root, Linux; BLOWS=8)
	@$(BIN)/python -m tests.crash.machines --blows $(BLOWS)

check: setup lint ## format, lint, types, layers and the fast tests, in under two minutes
	@echo "check: fast tests"
	@$(PYTEST) -m "$(FAST)"

lint: setup
	@echo "lint: format, rules, types, layers"
	@$(BIN)/ruff format --quiet --check . || { echo "lint: run 'make format'" >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@layers=$$($(BIN)/lint-imports --no-logo) || { echo "$$layers"; exit 1; }

format: setup ## format the code and sort its imports
	@$(BIN)/ruff check --quiet --select I --fix .
	@$(BIN)/ruff format --quiet .

bench: setup ## speed and memory, as ratios within one run
	@$(BIN)/deskbridge bench

lock: setup ## write requirements.lock again (UPGRADE=--upgrade takes new versions)
	@scripts/lock.sh $(UPGRADE)

clean: ## remove .venv and every cache
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
