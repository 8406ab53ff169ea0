# make run serves the app, make test proves it. Both set up what they need.

PYTHON ?= python3
STREAMLIT_SERVER_PORT ?= 8501
STREAMLIT_SERVER_ADDRESS ?= 127.0.0.1
WORKERS ?= 2
FUZZ_SECONDS ?= 60
MUTANTS ?= 402
MUTANTS_SEED ?= 1
MUTANTS_SECONDS ?= 3600

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-input

export PIP_ROOT_USER_ACTION := ignore

.PHONY: help setup run test lint bench fuzz mutants clean
.DEFAULT_GOAL := help

help:
	@echo "make run     serve the app (port: STREAMLIT_SERVER_PORT, now $(STREAMLIT_SERVER_PORT))"
	@echo "make test    lint, check the types and run every test"
	@echo "make setup   create $(VENV) and install the libraries"
	@echo "make lint    lint and check the types"
	@echo "make bench   measure, and renew the tables in the READMEs"
	@echo "make fuzz    look for inputs that break the readers (FUZZ_SECONDS each, now $(FUZZ_SECONDS))"
	@echo "make mutants change the program in $(MUTANTS) places, one at a time: do the tests notice? (at most $(MUTANTS_SECONDS) seconds)"
	@echo "make clean   remove $(VENV) and the caches"

setup: $(VENV)/.run

run: $(VENV)/.run
	@echo "Junheng: http://$(STREAMLIT_SERVER_ADDRESS):$(STREAMLIT_SERVER_PORT) (stop with Ctrl+C)"
	@exec $(PY) -m streamlit run app.py --server.headless true --browser.gatherUsageStats false \
		--server.address $(STREAMLIT_SERVER_ADDRESS) --server.port $(STREAMLIT_SERVER_PORT)

test: $(VENV)/.system lint
	$(PY) -m pytest -n $(WORKERS) --dist worksteal

lint: $(VENV)/.test
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(VENV)/bin/lint-imports --no-logo
	$(PY) -m mypy

bench: $(VENV)/.test $(VENV)/.system
	$(PY) -m tests.benchmarks

fuzz: $(VENV)/.test
	$(PY) -m tests.fuzz $(FUZZ_SECONDS)

mutants: $(VENV)/.test
	$(PY) -m tests.mutants --sample $(MUTANTS) --seed $(MUTANTS_SEED) \
		--seconds $(MUTANTS_SECONDS) --workers $(WORKERS)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The stamps: each is made last, so that an interrupted step is done again.
$(VENV)/.run: requirements.txt | $(VENV)/bin/pip
	@echo "Installing the libraries of requirements.txt ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.test: tests/requirements.txt $(VENV)/.run
	@echo "Installing the libraries of tests/requirements.txt ..."
	@$(PIP) -r requirements.txt -r tests/requirements.txt
	@touch $@

$(VENV)/.system: tests/system.py | $(VENV)/.run
	@missing="$$($(PY) -m tests.system --packages)"; \
	if [ -n "$$missing" ]; then $(call install,$$missing,The tests need); fi
	@$(PY) -m tests.system
	@touch $@

$(VENV)/bin/pip:
	@command -v $(PYTHON) >/dev/null || { \
		echo "Junheng needs Python 3.11 or later: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Junheng needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V). Say which one:" \
			"make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		$(call install,python3-venv,An environment of its own needs); }
	@echo "Creating $(VENV) ..."
	@rm -rf $(VENV) && $(PYTHON) -m venv $(VENV)

# $(call install,packages,why): from the system's packages when it may, else it says what to install.
define install
as=; may=no; \
if command -v apt-get >/dev/null; then \
	if [ "$$(id -u)" = 0 ]; then may=yes; \
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then may=yes; as="sudo -n"; fi; \
fi; \
if [ $$may = no ]; then \
	echo "$(2): $(1)" >&2; \
	echo "Install them as the machine's administrator, then try again:" \
		"apt-get install --no-install-recommends $(1)" >&2; exit 1; \
fi; \
echo "Installing from the system's packages: $(1) ..."; \
$$as apt-get update -qq && \
$$as env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $(1) >/dev/null
endef
