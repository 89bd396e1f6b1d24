# Everything a person does here is one word. `make` alone lists the words.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV ?= .venv
UV_VERSION := 0.13.9
TOOLS := infra/tools
UV := UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=$(CURDIR)/$(VENV) $(VENV)/bin/uv

WEB := infra/local/web
WITH_NODE := $(CURDIR)/$(TOOLS)/node/with_node
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

PLAN ?= payments
SPEED ?= 60
FAULT ?= none
PORT ?= 8765
DRILLS ?= 1000
SEED ?= 1
REPORT ?= $(shell ls -t build/evidence/*/*/*/evidence.json 2>/dev/null | head -1)

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

.PHONY: verify
verify: setup ## Recompute a report's hashes and figures (REPORT=<evidence.json or drill id>)
	@$(VENV)/bin/python -m bot.verify $(REPORT)

.PHONY: replay
replay: setup ## Make a drill anew of its events, and compare it with what is stored (DRILL=<id>, TABLE_NAME=, EVIDENCE_BUCKET=)
	@$(VENV)/bin/python -m bot.verify $(DRILL)

.PHONY: simulate
simulate: setup ## Tell stories of the whole bot with faults at every seam (DRILLS=1000 SEED=1)
	@$(VENV)/bin/python -m tests.simulation --drills $(DRILLS) --seed $(SEED)

.PHONY: simulate-adapters
simulate-adapters: setup $(TOOLS)/ministack/.venv/.ready ## The same over DynamoDB and S3, each HTTP request with its faults (DRILLS=20)
	@$(VENV)/bin/python -m tests.simulation --adapters --drills $(if $(filter file,$(origin DRILLS)),20,$(DRILLS)) --seed $(SEED)

.PHONY: simulate-mutants
simulate-mutants: setup ## Put faults into the bot, one at a time, and see that stories find each
	@$(VENV)/bin/python -m tests.simulation.mutants

.PHONY: demo
demo: setup web ## Try the bot in a browser, in a simulated Slack workspace (PORT=8765 SPEED=60)
	@$(VENV)/bin/python -m infra.local.demo --port $(PORT) --speed $(SPEED)

.PHONY: web
web: $(WEB)/dist/.ready ## Build the simulated workspace's page

$(WEB)/node_modules/.ready: $(WEB)/package.json $(WEB)/package-lock.json $(WEB)/.npmrc
	@echo "Setting up the page's packages (once) ..."
	@cd $(WEB) && $(WITH_NODE) npm ci --silent --ignore-scripts
	@touch $@

$(WEB)/dist/.ready: $(WEB)/node_modules/.ready $(wildcard $(addprefix $(WEB)/,index.html *.ts *.json public/* src/* src/*/*))
	@cd $(WEB) && $(WITH_NODE) npm run --silent build -- --logLevel warn
	@touch $@

.PHONY: test
test: lint suite artefact-test ## Run every check and the whole suite, the browser's too where a Chromium is found
	@if [ -n "$(CHROMIUM)" ]; then $(MAKE) --no-print-directory browser; else \
	  echo "############ No Chromium on this machine: THE PAGE WAS NOT TESTED (install one, or name it by CHROMIUM=)"; fi

# What decides is covered whole by its own tests: each branch of the domain and of the application.
.PHONY: suite
suite: setup ## Run the whole suite (PYTEST_ARGS= for more)
	$(VENV)/bin/python -m pytest -q tests/unit --cov=bot/domain --cov=bot/application --cov-branch \
	  --cov-report=term:skip-covered --cov-fail-under=100 $(PYTEST_ARGS)
	$(VENV)/bin/python -m pytest -q tests --ignore=tests/unit --ignore=tests/browser --ignore=tests/artefact --ignore=tests/deployed --durations=5 $(PYTEST_ARGS)

$(VENV)/.ready-browser: $(VENV)/.ready
	@$(UV) sync --quiet --locked --inexact --group browser
	@touch $@

.PHONY: browser
browser: setup web $(VENV)/.ready-browser ## Use the page as people do, in a real Chromium (CHROMIUM= names it)
	CHROMIUM=$(CHROMIUM) $(VENV)/bin/python -m pytest -q tests/browser --durations=3 $(PYTEST_ARGS)

.PHONY: screenshots
screenshots: setup web $(VENV)/.ready-browser ## Take the README's pictures anew, from the page itself
	@CHROMIUM=$(CHROMIUM) $(VENV)/bin/python -m infra.local.screenshots

.PHONY: web-check
web-check: $(WEB)/node_modules/.ready ## Types, style and unit tests of the page
	@cd $(WEB) && $(WITH_NODE) npm run --silent check

.PHONY: lint
lint: setup ## Style, types, who may import whom, template, plans
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/cfn-lint template.yaml infra/probe.yaml infra/target-account.yaml
	$(VENV)/bin/python -m infra.check_plans

.PHONY: build
build: setup $(TOOLS)/sam/.venv/.ready ## Make the functions' artefacts for Lambda in .aws-sam (arm64, without a container)
	@rm -rf .aws-sam/build
	@SAM_CLI_TELEMETRY=0 $(TOOLS)/sam/.venv/bin/sam build --build-in-source > .aws-sam-build.log 2>&1 || \
	  { cat .aws-sam-build.log; rm -f .aws-sam-build.log; exit 1; }
	@rm -f .aws-sam-build.log
	@$(VENV)/bin/python -m infra.artefact .aws-sam/build

.PHONY: artefact-test
artefact-test: build ## Look at the artefacts: for Lambda's processor, small, and running in a clean environment
	$(VENV)/bin/python -m pytest -q tests/artefact --durations=3 $(PYTEST_ARGS)

.PHONY: deployed-test
deployed-test: setup $(TOOLS)/sam/.venv/.ready ## Deploy into a local AWS that enforces roles, and run a drill there (6 minutes)
	$(VENV)/bin/python -m pytest -q tests/deployed -n 0 -s $(PYTEST_ARGS)

.PHONY: deploy
deploy: build ## Deploy to AWS what was built, by samconfig.toml (ARGS='--region eu-central-1')
	SAM_CLI_TELEMETRY=0 $(TOOLS)/sam/.venv/bin/sam deploy $(ARGS)

# `sam build` makes these, with the folder to fill in ARTIFACTS_DIR.
build-%:
	@$(VENV)/bin/python -m infra.artefact $* $(ARTIFACTS_DIR)

.PHONY: policies
policies: setup $(TOOLS)/policies/.venv/.ready ## parliament on every IAM policy, checkov on the templates
	@$(VENV)/bin/python -m infra.check_policies
	@set -o pipefail; $(TOOLS)/policies/.venv/bin/checkov --config-file .checkov.yaml -f template.yaml infra/target-account.yaml infra/probe.yaml \
	  2>/dev/null | tail -n +2

.PHONY: validate
validate: setup $(TOOLS)/sam/.venv/.ready ## `sam validate --lint`
	SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=eu-west-1 $(TOOLS)/sam/.venv/bin/sam validate --lint

.PHONY: plans
plans: setup ## Check the plan files
	@$(VENV)/bin/python -m infra.check_plans

.PHONY: generate
generate: setup ## Write again what is generated: plan schema, state diagram, commands
	$(VENV)/bin/python -m infra.generate

.PHONY: format
format: setup ## Format the code
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

.PHONY: clean
clean: ## Remove environments and caches
	rm -rf $(VENV) .venv* $(TOOLS)/*/.venv* $(WEB)/node_modules $(WEB)/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
