# Every command of the project. `make` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
.PHONY: help run install install-dev install-spark install-storage install-oracles assets messages wheel system test test-postgresql check prove bench docs docs-site pictures size fmt requirements clean

PYTHON ?= python3
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000
# Tests run in twice as many processes as there are cores: half the time a story waits for its browser, its database or a
# process it started. A file goes to one of them: what a file builds once is built once. The order is that of tests/conftest.py.
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
IN_TURN := --dist loadfile --no-loadscope-reorder
SIDE_BY_SIDE ?= -n $(shell echo $$(( $(CORES) * 2 ))) $(IN_TURN)
# `make test` tells the storage tests on PostgreSQL meanwhile, in half as many: nobody is idle while the last files run out.
BESIDE ?= -n $(CORES) $(IN_TURN)
export ZHIKE_HOME ?= $(CURDIR)/.home
export UV_CUSTOM_COMPILE_COMMAND = make requirements

help: ## List these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18

run: install assets messages ## Run Zhike from this checkout, with a demo shop the first time (HOST=… PORT=…)
	@fresh=no
	[ -e "$$ZHIKE_HOME/zhike.sqlite3" ] || [ -n "$${ZHIKE_DATABASE:-}" ] || fresh=yes
	if [ $$fresh = yes ]; then deploy/first_run; else $(BIN)/zhike upgrade; fi
	if [ -e "$$ZHIKE_HOME/first-sign-in.txt" ]; then cat "$$ZHIKE_HOME/first-sign-in.txt"; fi
	if [ -e "$$ZHIKE_HOME/demo-logins.txt" ]; then cat "$$ZHIKE_HOME/demo-logins.txt"; fi
	exec $(BIN)/zhike serve --host $(HOST) --port $(PORT)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Zhike needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 …")'
	$(PYTHON) -m venv .venv

# pip would compile one file after the other, packages' own tests included; here every core does, and without those.
COMPILE = $(BIN)/python -m compileall -q -j 0 -x '/tests?/' .venv/lib > /dev/null || true  # some is code for other Pythons

.venv/.base: .venv/bin/python requirements/base.txt requirements/build.txt pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements/build.txt -r requirements/base.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(COMPILE)
	touch $@

.venv/.dev: .venv/bin/python requirements/dev.txt requirements/build.txt pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements/build.txt -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(COMPILE)
	touch $@ .venv/.base

# Its archive of 300 MB is built into a wheel here, by the tools of requirements/build.txt.
.venv/.spark: .venv/.dev requirements/spark.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --require-hashes -r requirements/spark.txt
	touch $@

# An S3 server for tests, without what it asks of other versions than the product's: only its storage is used.
.venv/.storage: .venv/.dev requirements/storage.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/storage.txt
	touch $@

# Packages others use for the same methods, without what they ask of other versions than the product's.
.venv/.oracles: .venv/.dev requirements/oracles.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/oracles.txt
	touch $@

install: .venv/.base ## Make .venv with what the product needs, by hash

install-dev: .venv/.dev ## … and what its tests need

install-spark: .venv/.spark ## … and Spark with a Java of its own (560 MB), for `make prove` alone

install-storage: .venv/.storage ## … and an S3 server, for `make prove` alone

install-oracles: .venv/.oracles ## … and packages for the same methods, beside which `make prove` and `make bench` hold ours

assets: .venv/.base ## Build the stylesheet, scripts and icons of the pages
	@$(BIN)/python -m zhike.ui.build

messages: .venv/.base ## Compile the translations
	@$(BIN)/python -m zhike.kit.messages

wheel: assets messages ## Build dist/zhike-….whl: pages, translations and all
	@deploy/build_wheel dist

system: ## Install the Debian packages the tests use, where this user may
	@deploy/system_packages

test: system install-dev assets messages ## Everything that proves this checkout: checks, and all tests on both databases
	@failed=no
	said=$$(mktemp); storage=$$(mktemp); trap 'rm -f "$$said" "$$storage"' EXIT
	( $(CHECKS)
	) > "$$said" 2>&1 & checks=$$!  # beside the first tests, told after them
	ZHIKE_TEST_DATABASE=postgresql $(BIN)/pytest -q $(BESIDE) -m "both_databases and not slow" $(PYTEST) > "$$storage" 2>&1 & again=$$!
	$(BIN)/pytest -q $(SIDE_BY_SIDE) -m "not slow" $(PYTEST) || failed=yes
	wait $$checks || failed=yes
	printf '\nThe checks, made beside those tests:\n'
	cat "$$said"
	wait $$again || failed=yes
	printf '\nThe storage tests again, on PostgreSQL:\n'
	cat "$$storage"
	[ $$failed = no ]

test-postgresql: ## The storage tests again, on a PostgreSQL server started for them
	@ZHIKE_TEST_DATABASE=postgresql $(BIN)/pytest -q $(SIDE_BY_SIDE) -m "both_databases and not slow" $(PYTEST)

define CHECKS
$(BIN)/ruff format --check .
$(BIN)/ruff check .
$(BIN)/mypy
$(BIN)/lint-imports
scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT
ZHIKE_HOME=$$scratch $(BIN)/python manage.py makemigrations --check --dry-run
$(BIN)/python -m zhike.kit.messages --check
endef

check: .venv/.dev ## Format, lint, types, layers, migrations, translations
	@$(CHECKS)

prove: system install-dev install-spark install-storage install-oracles assets messages ## The long proofs: kills, whole files, published numbers; writes docs/proofs
	@$(BIN)/python -m tests.prove $(PROVE)

bench: system install-dev install-oracles assets messages ## Measure everything at size, on both databases (BENCH="--customers 100000 --only pages")
	@$(BIN)/python -m benchmarks $(BENCH)

docs: install-dev ## Write the generated pages of docs/reference anew
	@$(BIN)/python -m zhike.cli.reference

docs-site: install-dev ## Build docs/ as a site into build/docs
	@docs/site/build build/docs

pictures: install-dev assets messages ## Take the pictures of docs/screenshots from a demo shop made for it
	@$(BIN)/python -m tests.browser.pictures

size: ## Count the lines of the product
	@git ls-files src islands | grep -vE '/migrations/|\.(po|svg|png)$$' | xargs cat | wc -l

fmt: .venv/.dev ## Format the code
	@$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

requirements: .venv/.dev ## Resolve pyproject.toml into hashed requirements
	@$(BIN)/uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-annotate -o requirements/dev.txt
	$(BIN)/uv pip compile pyproject.toml --generate-hashes --no-annotate --no-emit-index-url -c requirements/dev.txt -o requirements/base.txt
	printf 'setuptools>=77,<81\nnodejs-wheel-binaries>=22\n' | $(BIN)/uv pip compile - -c requirements/dev.txt --generate-hashes --no-annotate --no-emit-index-url -o requirements/build.txt
	printf 'pyspark>=3.5.9,<3.6\npy4j==0.10.9.7\njdk4py==17.0.9.2\n' | $(BIN)/uv pip compile - -c requirements/dev.txt --generate-hashes --no-annotate --no-emit-index-url -o requirements/spark.txt
	printf 'moto>=5.2\nboto3\nbotocore\ns3transfer\njmespath\nflask\nflask-cors\nitsdangerous\nblinker\nxmltodict\nresponses\npy-partiql-parser\n' | $(BIN)/uv pip compile - --no-deps --generate-hashes --no-annotate --no-emit-index-url -o requirements/storage.txt
	printf 'lifetimes==0.11.3\nautograd\ndill\nmlxtend>=0.24\nimplicit>=0.7.3\nplspm>=0.5.7\nscikit-learn>=1.7\nscipy\nstatsmodels\npatsy\njoblib\nthreadpoolctl\ncloudpickle\nnarwhals\ntqdm\n' | $(BIN)/uv pip compile - -c requirements/dev.txt --no-deps --generate-hashes --no-annotate --no-emit-index-url -o requirements/oracles.txt

clean: ## Remove what was built; data stays
	@rm -rf .venv node_modules src/zhike/static_build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find src -name '*.mo' -delete
