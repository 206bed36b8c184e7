# Ledgerway's commands. `make` lists them.
.DEFAULT_GOAL := help
.PHONY: help run test check fix bench proof openapi lock venv venv-dev
SCALE ?= 1
STORE ?= sqlite

help: ## List the commands.
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

run: venv ## Start the gateway, provider sandboxes and connected demo accounts.
	@.venv/bin/ledgerway demo

test: venv-dev ## Run the whole suite, on SQLite and PostgreSQL. ARGS="-k words" chooses.
	@scripts/test.sh $(ARGS)

check: venv-dev ## Lint, format, types, import rules, generated files.
	@scripts/check.sh

fix: venv-dev ## Repair what lint and format can repair.
	@.venv/bin/ruff check --fix --quiet . || true
	@.venv/bin/ruff format .

bench: venv-dev ## Measure the gateway beside nginx; writes var/bench.json.
	@.venv/bin/python -m benchmarks

proof: venv-dev ## Run a long proof: NAME=house [SCALE=0.1] [STORE=fleet]. Without NAME, list them.
	@.venv/bin/python -m tests.proofs $(NAME) --scale $(SCALE) --store $(STORE)

openapi: venv ## Write openapi/ledgerway.json, docs/*.md that are made, and link-sdk.js anew.
	@.venv/bin/ledgerway openapi
	@.venv/bin/ledgerway matrix
	@.venv/bin/ledgerway errors
	@.venv/bin/ledgerway sdk

lock: venv ## Resolve the dependencies into requirements/ anew. ARGS=--upgrade takes the newest.
	@scripts/lock.sh $(ARGS)

venv: ## Make .venv for running.
	@scripts/venv.sh runtime

venv-dev: ## Make .venv for developing.
	@scripts/venv.sh dev
