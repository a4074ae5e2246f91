# Everything that a developer or CI runs. A fresh machine needs git, make and a Python 3.12 only.

PYTHON := .venv/bin/python
UV := devtools/python312 uv
SERVICES := $(PYTHON) -m devtools
# With COVERAGE=1, the tests record the lines that they run; `make coverage-report` adds all up.
MEASURE = $(if $(COVERAGE),-m coverage run --data-file=$(CURDIR)/.local/coverage/$@)
FORGET = $(if $(COVERAGE),rm -f .local/coverage/$@.*)
PYTEST = $(PYTHON) $(MEASURE) -m pytest --timeout=300

# What the caller's shell has set up for other projects stays out.
unexport PYTHONPATH PYTHONHOME DJANGO_SETTINGS_MODULE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install demo demo-check test test-unit test-integration test-delivery test-benchmark test-migrations test-account test-hosts coverage coverage-report \
	lint language format docs docs-site schema makemigrations requirements wheel release-check stop clean

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-22s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: install ## Run a shop with the plugin and a simulated Picqer, and follow an order
	$(PYTHON) -m example_project.demo

demo-check: install ## Run the demo, check both systems after every step, and stop
	$(PYTHON) -m example_project.demo --check

# `make test T="tests/unit/domain tests/integration/orders"` runs these paths only, each in its ring.
T_INTEGRATION := $(filter tests/integration%,$(patsubst ./%,%,$(T)))
T_UNIT := $(filter-out $(T_INTEGRATION),$(patsubst ./%,%,$(T)))

ifdef T
test: $(if $(T_UNIT),test-unit) $(if $(T_INTEGRATION),test-integration)
else
test: test-unit test-integration test-migrations ## Run every test on Saleor 2.10 from PyPI; T=PATH runs some
endif

test-unit: install ## Tests without Django: decisions, client, simulator, its pages, the demo's parts
	@$(FORGET)
	env -u PICQER_ENDPOINT -u PICQER_API_KEY \
		$(PYTEST) -m "" --numprocesses=0 --hypothesis-profile=full $(ARGS) $(T_UNIT)

coverage: COVERAGE = 1
coverage: test ## Run every test on Saleor 2.10, and check the share of lines that run
	@$(MAKE) --no-print-directory coverage-report

coverage-report: ## Check the share of lines that the last run with COVERAGE=1 has reached
	$(PYTHON) -m coverage combine --keep --quiet --data-file=.local/coverage/all .local/coverage/test-*
	$(PYTHON) -m coverage report --data-file=.local/coverage/all

test-account: install ## The client's tests against the account in PICQER_ENDPOINT, PICQER_API_KEY
	@[ -n "$$PICQER_ENDPOINT" ] && [ -n "$$PICQER_API_KEY" ] || \
		{ echo "Set PICQER_ENDPOINT and PICQER_API_KEY; PICQER_ALLOW_WRITES=1 also writes." >&2; exit 2; }
	$(PYTEST) --override-ini=addopts= -p no:django $(ARGS) tests/contract/test_client_*.py

test-integration: install ## Tests inside Saleor 2.10, with PostgreSQL and Redis
	@$(FORGET)
	$(SERVICES) --name test -- $(PYTEST) $(if $(findstring delivery,$(T)),-m delivery) $(ARGS) \
		$(or $(T_INTEGRATION),tests/integration)

test-delivery: install ## Real workers, killed; random troubles; a day without Picqer: minutes long
	$(SERVICES) --name delivery -- $(PYTEST) -m delivery $(ARGS) tests/integration

# `PICQER_BENCHMARK=1000,10000,50000 make test-benchmark`: minutes for 10,000 products.
test-benchmark: install ## Speed and memory of a full pull with PICQER_BENCHMARK products
	PICQER_BENCHMARK=$(or $(PICQER_BENCHMARK),1000,10000) $(SERVICES) --name benchmark -- \
		$(PYTEST) -q tests/integration/stock/test_benchmark.py $(ARGS)

test-migrations: install ## Real migrations from empty, and none missing
	$(SERVICES) --name migrations -- $(PYTHON) -m devtools.check_migrations

# `make test-hosts LINE="3.21 3.23" T=tests/integration/hosts` runs these tests on these lines.
test-hosts: install ## Integration tests in every Saleor 3 found in SALEOR_HOSTS
	$(SERVICES) --name hosts -- $(PYTHON) -m devtools.hosts $(LINE:%=--line %) $(T_INTEGRATION:%=--path %) $(ARGS)

lint: install ## Check style, spelling, types, directions of imports, generated tables, CI's own files
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	.venv/bin/codespell
	.venv/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	.venv/bin/pre-commit validate-config
	$(PYTHON) -m mypy -p saleor_picqer -p devtools -p picqer_simulator -p tests
	.venv/bin/lint-imports
	$(PYTHON) -m devtools.write_docs --check

language: install ## Measure docstrings, comments and avoided words; ARGS="--list FOLDER" shows places
	@$(PYTHON) -m devtools.language $(ARGS)

format: install ## Rewrite the code in our style
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

docs: install ## Write the tables in docs/ that are made from code
	$(PYTHON) -m devtools.write_docs

docs-site: install ## Build the documentation site in .local/site; a broken link is an error
	$(PYTHON) -m mkdocs build --strict --site-dir .local/site

schema: install ## Write the plugin's part of Saleor's GraphQL schema
	$(PYTHON) -m devtools.write_schema

makemigrations: install ## Write the migrations that changed models need
	$(SERVICES) -- $(PYTHON) -m django makemigrations saleor_picqer --settings=example_project.settings

wheel: install ## Build the wheels of the plugin and of the simulator in dist/
	$(PYTHON) -m hatchling build --target wheel
	cd simulator && ../$(PYTHON) -m hatchling build --target wheel --directory ../dist

release-check: install ## Build both distributions in dist/, and check their metadata and contents
	$(PYTHON) -m devtools.release_check

install: .venv/installed

.venv/installed: requirements/development.txt pyproject.toml simulator/pyproject.toml
	@echo "Installing into .venv (a minute or two the first time)"
	@$(PYTHON) -c '' 2>/dev/null || { \
		rm -rf .venv && python=$$(devtools/python312) && $(UV) venv --quiet --python "$$python" .venv; }
	@$(UV) pip sync --quiet --python $(PYTHON) --build-constraints $< $<
	@$(UV) pip install --quiet --python $(PYTHON) --no-deps --no-build-isolation --editable . --editable simulator
	@touch $@

# requirements/*.in and pyproject.toml say what we ask for; development.txt is what that gave.
# UPGRADE=--upgrade takes new versions, UPGRADE="--upgrade-package ruff" one of them.
requirements: ## Pin again after a change to requirements/*.in or pyproject.toml
	$(UV) pip compile --quiet $(UPGRADE) --python-version 3.12 --python-platform linux \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make requirements" \
		--override requirements/overrides.txt \
		--output-file requirements/development.txt pyproject.toml simulator/pyproject.toml $(wildcard requirements/*.in)

stop: ## Stop what an earlier command has left running
	@[ ! -x $(PYTHON) ] || $(SERVICES) --stop

clean: stop ## Stop everything and remove .venv and .local
	rm -rf .venv .local dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
