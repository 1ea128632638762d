# The two commands are `make up` and `make test`; `make help` lists the rest.

PYTHON ?= python3
BIN := .venv/bin
AGORA := $(BIN)/python -m app.cli
UV := $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	--no-annotate --no-emit-index-url --custom-compile-command "make lock" pyproject.toml

.PHONY: help up test check lint format types i18n lock install install-dev doctor build clean
.DEFAULT_GOAL := help

help: ## List what can be asked for
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | \
		while IFS="$$(printf '\t')" read -r name words; do printf '  %-12s %s\n' "$$name" "$$words"; done

up: install ## Install, build, start and serve everything on PORT (8000)
	@exec $(AGORA) up

test: install-dev ## Run every check and every test
	@exec $(BIN)/python scripts/checks.py --tests

check: install-dev ## Run every check, without the tests
	@exec $(BIN)/python scripts/checks.py

doctor: install ## Say the state of every part
	@$(AGORA) doctor

build: install ## Build the frontend when its sources changed
	@$(AGORA) build

install:
	@$(PYTHON) scripts/bootstrap.py

install-dev:
	@$(PYTHON) scripts/bootstrap.py --dev

lint: install-dev ## Check style, types and the directions between packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

format: install-dev ## Format the code and fix what can be fixed by machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

i18n: install-dev ## Collect the texts to translate into the catalogues
	$(BIN)/python scripts/catalogues.py

lock: install-dev ## Resolve the dependencies anew, with hashes
	$(UV) -o requirements/base.txt
	$(UV) --extra dev -c requirements/base.txt -o requirements/dev.txt

clean: ## Remove what was built; data in .agora stays
	rm -rf .venv .web .pytest_cache .ruff_cache .import_linter_cache
