# catchment: two commands are enough: `make demo` and `make test`.
PYTHON ?= python3
export CATCHMENT_HOME ?= $(CURDIR)/.catchment
BIN := .venv/bin
VENDOR := src/catchment/site/static/vendor
PEOPLE ?= 20000
SEED ?= 7
PORT ?= 8000

.PHONY: setup setup-dev assets messages demo test test-all lint bench docs clean

setup: .venv/.base assets messages

setup-dev: .venv/.dev assets messages

.venv/.venv:
	$(PYTHON) -m venv .venv
	touch $@

.venv/.base: .venv/.venv requirements/base.txt pyproject.toml
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/.dev: .venv/.base requirements/dev.txt
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/base.txt -r requirements/dev.txt
	touch $@

.venv/.analytics: .venv/.dev requirements/analytics.txt
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/analytics.txt
	touch $@

assets: $(VENDOR)/.built

node_modules/.installed: package.json package-lock.json
	npm ci --no-progress --loglevel=error
	touch $@

$(VENDOR)/.built: node_modules/.installed assets/build.mjs $(wildcard assets/*) $(wildcard assets/*/*)
	npm run --silent build
	touch $@

messages: .venv/.base
	$(BIN)/python -m catchment.site.messages compile

demo: setup
	$(BIN)/catchment demo --people $(PEOPLE) --seed $(SEED) --port $(PORT)

test: setup-dev
	tools/system-packages chromium
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow"

test-all: setup-dev .venv/.analytics
	tools/system-packages chromium postgresql java clock
	$(BIN)/python -m pytest

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet src
	$(BIN)/python -m catchment.site.messages check

bench: setup-dev .venv/.analytics
	tools/system-packages java
	$(BIN)/python -m bench

docs: setup-dev
	$(BIN)/python -m catchment.site.docs

clean:
	-$(BIN)/catchment stop
	rm -rf .venv node_modules $(VENDOR)
