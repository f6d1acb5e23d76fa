# Two commands do everything: `make release` and `make test`. Both need Python 3.11 or newer and a package index, no more.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Variables of `make release` reach the command through the environment, so that file names may hold spaces and quotes.
ESCO ?=
NACE ?=
VERSION ?=
PREVIOUS ?=
LANGUAGES ?=
CLUSTERS ?=
OUT ?= releases
RELEASE ?= releases/1.0.0
BENCHMARK ?= ../shared/data/benchmark
ENDPOINT ?=
DATA ?=
OLD ?=
NEW ?=
export ESCO NACE VERSION PREVIOUS LANGUAGES CLUSTERS OUT ENDPOINT DATA RELEASE BENCHMARK OLD NEW

# A variable that is written wrongly (ESOC=...) is refused, for a release of something else would be made.
KNOWN := PYTHON ESCO NACE VERSION PREVIOUS LANGUAGES CLUSTERS OUT RELEASE BENCHMARK ENDPOINT DATA OLD NEW
GIVEN := $(foreach name,$(.VARIABLES),$(if $(findstring command line,$(origin $(name))),$(name)))
UNKNOWN := $(filter-out $(KNOWN) MAKEFLAGS MAKEOVERRIDES -*-command-variables-*-,$(GIVEN))
$(if $(UNKNOWN),$(error unknown variable: $(UNKNOWN). Known: $(KNOWN)))

.DEFAULT_GOAL := help
.PHONY: help release serve load fuseki test test-programs test-docs lint bench bench-check bench-commands bench-assign bench-review bench-search bench-forms bench-stores bench-versions docs docs-site docs-pictures \
  clean fuzz lock audit licences

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1|/' | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'
	@echo
	@echo '  Variables of make release: ESCO (folder, zip or several), NACE, VERSION, PREVIOUS, LANGUAGES, CLUSTERS, OUT (releases)'
	@echo '  make release ESCO="downloads/esco-1.1.1-en" NACE="downloads/esco_nace_crosswalk.xlsx"'

# The environment is made again whenever the dependencies change; ready-* are time stamps.
# Every package comes from a lock file, by its hash; nothing else is asked for, the program itself is built by what is pinned.
# Most modules of the packages are never imported: those that are get compiled then.
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
$(VENV)/ready: pyproject.toml requirements.lock requirements-build.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "esco_kg needs Python 3.11 or newer; set PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes --requirement requirements-build.lock
	$(PIP) --require-hashes --no-build-isolation --requirement requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.lock
	$(PIP) --require-hashes --no-build-isolation --requirement requirements-dev.lock
	@touch $@

$(VENV)/ready-supply: $(VENV)/ready requirements-supply.lock
	$(PIP) --require-hashes --no-build-isolation --requirement requirements-supply.lock
	@touch $@

release: $(VENV)/ready ## make a release: of the demonstration data, or of ESCO="..."
	@$(BIN)/esco-kg release $${ESCO:+"$$ESCO"} $${NACE:+--nace "$$NACE"} $${VERSION:+--version "$$VERSION"} \
	  $${PREVIOUS:+--previous "$$PREVIOUS"} $${LANGUAGES:+--languages "$$LANGUAGES"} \
	  $${CLUSTERS:+--clusters "$$CLUSTERS"} --out "$$OUT"

serve: $(VENV)/ready ## browse the releases in OUT: pages, search, SPARQL, on http://127.0.0.1:8080/
	@$(BIN)/esco-kg serve "$$OUT"

load: $(VENV)/ready ## load the newest release in OUT, or RELEASE="...", into the triple store at ENDPOINT="..."
	@$(BIN)/esco-kg load "$${$(if $(filter file,$(origin RELEASE)),OUT,RELEASE)}" $${ENDPOINT:+--endpoint "$$ENDPOINT"}

fuseki: $(VENV)/ready ## start Apache Jena Fuseki (needs Java 17) on http://127.0.0.1:3030/esco, its data in DATA="..."
	@exec $(BIN)/esco-kg fuseki $${DATA:+--data "$$DATA"}

# A process for each core; the tests of a file (and of one triple store) stay together, so that they share what they build.
PYTEST := $(BIN)/python -m pytest -n auto --dist loadfile

test: $(VENV)/ready-dev ## run all tests that Python alone can run
	$(PYTEST) -m "not programs and not documents"

test-programs: $(VENV)/ready-dev ## run the tests with real stores, web servers, browsers, R and Spark
	$(PYTEST) -m programs

test-docs: $(VENV)/ready-dev ## run what README and docs/ say
	$(PYTEST) -m documents

lint: $(VENV)/ready-dev ## style, types, the one direction of imports, records that end at a newline alone
	$(BIN)/ruff check esco_kg tests
	$(BIN)/ruff format --check esco_kg tests
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python -m tests.support.lines

fuzz: $(VENV)/ready-dev ## the long run of the fuzzers: hours; the short one is a part of make test
	ESCO_KG_FUZZ=500 ESCO_KG_FUZZ_LONG=1 $(BIN)/python -m pytest --timeout 0 -s tests/fuzz tests/esco/test_damaged_archives.py tests/store/test_hostile.py

# --universal: one file for every platform and every Python from 3.11 on. Pins stay unless they must change.
LOCK = $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
  --no-emit-find-links --no-annotate --no-header
lock: $(VENV)/ready-supply ## write requirements*.lock and sbom.cdx.json after a change of pyproject.toml
	$(LOCK) pyproject.toml --output-file requirements.lock
	$(LOCK) pyproject.toml --extra test --extra lint --group docs --constraint requirements.lock --output-file requirements-dev.lock
	$(LOCK) --group build --constraint requirements.lock --output-file requirements-build.lock
	$(LOCK) --group supply --constraint requirements.lock --output-file requirements-supply.lock
	@set -e; pins=$$(mktemp); trap 'rm -f "$$pins"' EXIT; sed -nE 's/^([^ #]+==[^ ;\]+).*/\1/p' requirements.lock > "$$pins"; \
	  $(BIN)/cyclonedx-py requirements "$$pins" --pyproject pyproject.toml --output-reproducible --output-file sbom.cdx.json

audit: $(VENV)/ready-supply ## known weaknesses of the packages of make release (asks PyPI's database of advisories)
	@$(BIN)/pip-audit --strict --disable-pip --require-hashes --requirement requirements.lock --progress-spinner off || { \
	  echo "make audit: an advisory stands above; or the database could not be asked, and nothing is known of the packages." >&2; exit 1; }

licences: $(VENV)/ready-supply ## the licences of the packages of make release
	@$(BIN)/pip-licenses --from=mixed --order=license --packages $$(sed -nE 's/^([^ =]+)==.*/\1/p' requirements.lock)

bench: $(VENV)/ready-dev ## measure time and memory on ESCO="...", write docs/benchmarks.md
	$(BIN)/python -m tests.bench.release $${ESCO:+"$$ESCO"} $${NACE:+--nace "$$NACE"}

bench-commands: $(VENV)/ready-dev ## measure whole commands and programs of others on ESCO="...", write docs/benchmarks/commands.md
	$(BIN)/python -m tests.bench.commands "$$ESCO" $${NACE:+--nace "$$NACE"}

bench-check: $(VENV)/ready-dev ## fail where a command takes more than its bound in tests/bench/bounds.json
	$(BIN)/python -m tests.bench.commands "$$ESCO" $${NACE:+--nace "$$NACE"} --check

bench-assign: $(VENV)/ready-dev ## measure the assignment of texts with RELEASE="...", write docs/assignment.md
	$(BIN)/python -m tests.bench.assign "$$RELEASE" "$$BENCHMARK"
	$(BIN)/python -m tests.bench.advertisements "$$(dirname "$$(dirname "$$BENCHMARK")")"

bench-review: $(VENV)/ready-dev ## measure the order of reviews with RELEASE="...", write docs/benchmarks/review.md
	$(BIN)/python -m tests.bench.review "$$RELEASE"

bench-search: $(VENV)/ready-dev ## measure search on the kept queries, write docs/benchmarks/search.md
	$(BIN)/python -m tests.bench.search "$$(dirname "$$(dirname "$$BENCHMARK")")"

bench-stores: $(VENV)/ready-dev ## measure triple stores with RELEASE="...", write docs/benchmarks-stores.md
	$(BIN)/python -m tests.bench.stores "$$RELEASE"

bench-forms: $(VENV)/ready-dev ## measure the reading of ESCO="...", dumps or folders, and releases of the latter, write docs/benchmarks/forms.md
	$(BIN)/python -m tests.bench.forms $$ESCO

bench-versions: $(VENV)/ready-dev ## measure the comparison of OLD="..." and NEW="...", write docs/benchmarks/versions.md
	$(BIN)/python -m tests.bench.diff "$$OLD" "$$NEW" $${NACE:+--nace "$$NACE"} --section docs/benchmarks/versions.md

docs: $(VENV)/ready-dev ## write the generated parts of docs/ from commands, queries and shapes
	$(BIN)/python -m tests.pages.commands
	$(BIN)/python -m tests.pages.statistics
	$(BIN)/python -m tests.pages.evaluation
	$(BIN)/python -m tests.pages.readings
	$(BIN)/python -m tests.pages.validation
	$(BIN)/python -m tests.pages.cookbook
	$(BIN)/python -m tests.pages.diagrams

# -W: a link that leads nowhere, or a page that no list names, is an error.
MANUAL := build/manual
docs-site: $(VENV)/ready-dev ## write the manual as a site into build/manual
	$(BIN)/python -m sphinx -q -W --keep-going -d build/doctrees docs $(MANUAL)
	@echo "The manual is in $(MANUAL)/index.html"

docs-pictures: $(VENV)/ready-dev ## photograph the pages that the manual shows (needs Chromium); with OUT="..." that of the README, of the releases there
	$(BIN)/python -m tests.pages.pictures $(if $(filter command line,$(origin OUT)),"$$OUT")

clean: ## remove the environment, the built manual and caches; releases stay
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis
