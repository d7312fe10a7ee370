# Needs `make` and Python 3.11 or newer; everything else is installed into $(VENV) from requirements.lock.
VENV ?= .venv
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$p && break; done)
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
.DEFAULT_GOAL := help
.PHONY: help setup run demo test lint format audit bench chaos fuzz lock

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) ## create the virtual environment and install the lock into it
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c '$(NEW_ENOUGH)' || { echo "Jobraker needs Python 3.11 or newer: install it, or name one with make PYTHON=/path/to/python3"; exit 1; }
	@if command -v uv >/dev/null; then uv venv -q --allow-existing --python $(PYTHON) $(VENV); else $(PYTHON) -m venv $(VENV); fi
	@install="$(BIN)/python -m pip install -q --disable-pip-version-check"; if command -v uv >/dev/null; then install="uv pip install -q --python $(BIN)/python"; fi; \
	echo "installing into $(VENV) …" && $$install --require-hashes -r requirements.lock && $$install --no-deps --no-build-isolation -e . && touch $@

run: setup ## run the whole system on this machine until Ctrl-C
	@$(BIN)/jobraker up $(ARGS)

demo: setup ## play the whole story against `make run` in another terminal
	@$(BIN)/jobraker demo

test: setup ## run the tests on real servers; ARGS go to pytest
	$(BIN)/python -m pytest $(ARGS)

lint: setup ## format, style, types, import rules, dependencies, dead code
	export PATH="$(abspath $(BIN)):$$PATH"; ruff format --check . && ruff check . && mypy . && lint-imports && deptry . && vulture

format: setup ## format the code and mend what can be mended by itself
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

audit: setup ## compare the locks with the vulnerabilities that are known; ARGS go to pip-audit, such as "-s osv"
	@$(BIN)/python -m tests.audit $(ARGS)

bench: setup ## measure, all or ONLY=name, into .jobraker/bench.json
	$(BIN)/python -m bench $(ONLY)

chaos: setup ## kill the worker at every event of an application, then everything in a storm of 200: SEED=, KILLS=, APPLICATIONS=
	EVENTS=all $(BIN)/python -m pytest tests/chaos/test_every_event.py $(ARGS)
	$(BIN)/python -m tests.chaos.storm

fuzz: setup ## ask all that the API's document describes as everybody who may, and check each answer: SEED=, EXAMPLES=
	$(BIN)/python -u -m tests.fuzz

LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q
lock: ## resolve the dependencies anew, for development and for the image (needs uv)
	$(LOCK) --group dev -o requirements.lock
	$(LOCK) -o deploy/requirements.lock
