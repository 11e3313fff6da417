# The two commands are `make run` and `make test`; each sets up all it needs.
UV_DIR := .tools/uv
UV := $(UV_DIR)/bin/uv
export RASA_TELEMETRY_ENABLED := false
PORT ?= 8000
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: run test test-quick test-long lint setup setup-test bench tune

run: setup
	.venv/bin/vejviser serve --port $(PORT)

# Two workers, a file at a time: most of it is one thread's work. The order is that of tests/conftest.py.
PARALLEL := -n 2 --dist loadfile --no-loadscope-reorder

test: setup-test
	.venv/bin/python -m pytest -q $(PARALLEL) -m "not long" --durations=40

test-quick: setup-test
	.venv/bin/python -m pytest -q $(PARALLEL) -m "not slow and not long"

test-long: setup-test
	.venv/bin/python -m pytest -q -m "long"

lint: setup-test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/vejviser directory check
	.venv/bin/python -m bench.supply

bench: setup-test
	.venv/bin/python -m bench

# Tunes the encoder of meaning to the training messages anew (an hour on two cores), then remembers their vectors.
tune: setup-test
	cd bench/tune && $(abspath $(UV)) sync --frozen --no-progress
	bench/tune/.venv/bin/python -m bench.tune
	.venv/bin/vejviser train --remember

# What the service needs. Compiled bytecode halves its start.
setup: .venv/.installed

# What tests need beside it: the development tools, Debian's Chromium and its PostgreSQL (each run starts its own).
setup-test: .venv/.installed-dev
	@command -v chromium-headless-shell >/dev/null || ($(SUDO) apt-get update -q && $(SUDO) apt-get install -q -y chromium-headless-shell) || command -v chromium
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || ($(SUDO) apt-get update -q && $(SUDO) apt-get install -q -y postgresql)

.venv/.installed: pyproject.toml uv.lock stand-ins/tensorflow/pyproject.toml | $(UV)
	$(UV) sync --frozen --no-default-groups --inexact --compile-bytecode --no-progress
	@touch $@

.venv/.installed-dev: pyproject.toml uv.lock stand-ins/tensorflow/pyproject.toml | $(UV)
	$(UV) sync --frozen --compile-bytecode --no-progress
	@touch $@ .venv/.installed

# uv where it is missing, in a folder of the project's own.
$(UV):
	python3.12 -m venv $(UV_DIR) 2>/dev/null || python3 -m venv $(UV_DIR)
	$(UV_DIR)/bin/python -m pip install -q "uv>=0.7,<1"
