# Everything a person does here is one word. `make` alone lists the words.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV ?= .venv
UV_VERSION := 0.13.9
TOOLS := infra/tools
UV := UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=$(CURDIR)/$(VENV) $(VENV)/bin/uv

PLAN ?= payments
SPEED ?= 60
FAULT ?= none

.PHONY: help
help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/bin/uv:
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.ready: pyproject.toml uv.lock | $(VENV)/bin/uv
	@$(UV) sync --quiet --locked --inexact
	@touch $@

# Each of these tools pins another botocore than the bot's, so each has an environment of its own.
$(TOOLS)/%/.venv/.ready: $(TOOLS)/%/pyproject.toml $(TOOLS)/%/uv.lock | $(VENV)/bin/uv
	@UV_PYTHON_DOWNLOADS=never $(VENV)/bin/uv sync --quiet --locked --project $(TOOLS)/$* --python $(VENV)/bin/python
	@touch $@

.PHONY: setup
setup: $(VENV)/.ready $(TOOLS)/ministack/.venv/.ready ## Make the virtual environments, with the locked dependencies

.PHONY: drill
drill: setup ## Run one whole drill with no keyboard (PLAN=payments SPEED=60 FAULT=none)
	@$(VENV)/bin/python -m infra.local.drill --plan $(PLAN) --speed $(SPEED) --fault $(FAULT)

.PHONY: test
test: lint suite ## Run every check and the whole suite

# What decides is covered whole by its own tests: each branch of the domain and of the application.
.PHONY: suite
suite: setup ## Run the whole suite (PYTEST_ARGS= for more)
	$(VENV)/bin/python -m pytest -q tests/unit --cov=bot/domain --cov=bot/application --cov-branch \
	  --cov-report=term:skip-covered --cov-fail-under=100 $(PYTEST_ARGS)
	$(VENV)/bin/python -m pytest -q tests --ignore=tests/unit --durations=5 $(PYTEST_ARGS)

.PHONY: lint
lint: setup ## Style, types, who may import whom, template, plans
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/cfn-lint template.yaml
	$(VENV)/bin/python -m infra.check_plans

.PHONY: validate
validate: setup $(TOOLS)/sam/.venv/.ready ## `sam validate --lint`
	SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=eu-west-1 $(TOOLS)/sam/.venv/bin/sam validate --lint

.PHONY: plans
plans: setup ## Check the plan files
	@$(VENV)/bin/python -m infra.check_plans

.PHONY: generate
generate: setup ## Write again what is generated: the plan schema, the state diagram
	$(VENV)/bin/python -m infra.generate

.PHONY: format
format: setup ## Format the code
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

.PHONY: clean
clean: ## Remove environments and caches
	rm -rf $(VENV) .venv* $(TOOLS)/*/.venv* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
