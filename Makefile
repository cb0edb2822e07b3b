# Everything a developer types. Each target does its own set-up; `make help` lists them.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
SETUP := $(PYTHON) tools/setup.py
BIN := .venv/bin
export GUICHET_PORT := $(PORT)
export GUICHET_HOST := $(HOST)
export RASA_PYTHON

.DEFAULT_GOAL := help
.PHONY: help run test test-fast test-nlu test-dialogues test-e2e check format predict nlu-report thresholds bench-nlu chat faq-check demo-data requirements clean

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: ## the demo shop on http://localhost:8000 (PORT=…, HOST=…)
	@$(SETUP) env rasa model demo
	@GUICHET_DEMO=true exec $(BIN)/guichet run

test: test-fast test-nlu test-dialogues test-e2e ## every test, the browser's included

test-fast: ## the tests that need neither Rasa nor a browser
	@$(SETUP) env
	@$(BIN)/pytest tests/unit tests/api $(ARGS)

test-nlu: ## the understanding, in Rasa's environment
	@$(SETUP) env rasa model
	@PYTHONPATH=. .venv-rasa/bin/python -W ignore -m pytest -q -c tests/nlu/pytest.ini tests/nlu $(ARGS)

test-dialogues: ## whole conversations with the real Rasa and a real database
	@$(SETUP) env rasa model
	@$(BIN)/pytest tests/dialogues $(ARGS)

test-e2e: ## a customer in the browser (a process of its own: the browser's driver keeps an event loop running)
	@$(SETUP) env rasa browser model
	@$(BIN)/pytest tests/e2e $(ARGS)

check: ## style, types, import rules, FAQ
	@$(SETUP) env node
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@report=$$($(BIN)/lint-imports --no-cache) || { echo "$$report"; exit 1; }
	@$(BIN)/node node_modules/typescript/bin/tsc -p widget
	@$(BIN)/node node_modules/typescript/bin/tsc -p guichet/console/static
	@$(BIN)/guichet faq check

format: ## put the code in form
	@$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format -q .

predict: ## questions on standard input → one JSON decision a line
	@$(SETUP) env rasa model
	@PYTHONPATH=. .venv-rasa/bin/python -m bot.predict --model models/guichet.tar.gz

nlu-report: ## where understanding fails: by intent, by voice, worst confusions (prints Markdown)
	@$(SETUP) env rasa faq
	@PYTHONPATH=. .venv-rasa/bin/python -W ignore -m bot.nlu.report

thresholds: ## choose when to answer, ask back or decline; writes config.yml and the pictures of docs/nlu.md
	@$(SETUP) env rasa faq
	@PYTHONPATH=. .venv-rasa/bin/python -W ignore -m bot.nlu.thresholds

bench-nlu: ## Guichet's understanding beside its peers' (TEST=questions.tsv, ARGS="--limit 15 --systems guichet,nlpjs")
	@$(SETUP) env rasa faq bench
	@$(BIN)/python -m tools.bench_nlu $(if $(TEST),--test '$(TEST)') $(ARGS)

chat: ## talk to the running server in the terminal
	@$(SETUP) env
	@$(BIN)/guichet chat --url http://$(HOST):$(PORT)

faq-check: ## check faq/*.yml
	@$(SETUP) env
	@$(BIN)/guichet faq check

demo-data: ## load the demo shop afresh (deletes the demo database)
	@$(SETUP) env
	@rm -f var/guichet.db* var/rasa.db*
	@$(SETUP) demo

requirements: ## pin the newest allowed versions, with hashes
	@$(SETUP) env
	@for name in bootstrap guichet dev; do .venv-tools/bin/uv pip compile -q --upgrade --no-header --generate-hashes --universal --python-version 3.11 -o requirements/$$name.txt requirements/$$name.in; done
	@.venv-tools/bin/uv pip compile -q --upgrade --no-header --generate-hashes --python-version 3.10 -o requirements/rasa.txt requirements/rasa.in

clean: ## remove what was built (environments and data stay)
	rm -rf build models .rasa var/log
