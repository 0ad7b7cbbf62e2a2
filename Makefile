# veje: the two commands are `make demo` and `make test`; each makes .venv when there is none.
# Paths are relative throughout, so that a checkout may lie under a path with spaces.

PYTHON ?= python3
BIN := .venv/bin
CONFIG ?= config/config.yaml
# A folder of wheels (`make wheelhouse`) to install from, and nothing else: no index, no network.
WHEELS ?=
# With any value: what `workflow/profiles/slurm` needs is installed too.
CLUSTER ?=
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
YEARS := 2013..2022
TWIN := $(wildcard src/veje/twin/*.py src/veje/published.py data_schema/published/*.csv data_schema/codes/*.csv)

.DEFAULT_GOAL := help
.PHONY: help demo demo-2013 run test browser lint docs lock clean nightly reproducible starts readers faults wheelhouse slurm continuity
RUNS ?= 5
STARTS ?= 100
READS ?= 10000
# Of the fault harness, at most: kill points with a night after each, those in chains of nights, damaged
# files, those that a night follows, other disturbances.
POINTS ?= 200
CHAINED ?= 10000
FLIPS ?= 500
NIGHTS ?= 20
AROUND ?= 100

help:
	@echo "make demo   synthetic registers -> workflow -> results/release/report.html"
	@echo "make demo-2013   the same for grants across the reform of 2013 -> results_2013/release/report.html"
	@echo "make run    the workflow on CONFIG=... (default config/config.yaml)"
	@echo "make test   all tests"
	@echo "make continuity  two nights: what the second takes over from the first"
	@echo "make slurm  the workflow on a real Slurm of one node, against a local run (as root)"
	@echo "make lint   ruff, mypy, snakemake --lint"
	@echo "make docs   write the pages and the schema that come from the code"
	@echo "make lock   pin the dependencies anew (needs uv)"
	@echo "make nightly  one unattended run on CONFIG=..."
	@echo "make faults, reproducible, starts, readers   long checks, see harness/README.md"
	@echo "make wheelhouse   every wheel of the locks in wheelhouse/, for a server without network"
	@echo "                  there: make WHEELS=folder ...; with Slurm: make CLUSTER=yes ..."
	@echo "make clean  remove .venv, twin, results"

.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "veje needs Python 3.11 or later; set PYTHON=..."; exit 1; }
	$(PYTHON) -m venv .venv
ifeq ($(WHEELS),)
	$(PIP) --require-hashes -r requirements.lock $(if $(CLUSTER),-r cluster.lock)
else
	$(BIN)/python workflow/wheelhouse.py lock > .venv/wheels.lock
	$(PIP) --no-index --find-links "$(WHEELS)" --require-hashes -r .venv/wheels.lock $(if $(CLUSTER),-r cluster.lock)
endif
	$(PIP) --no-index --no-deps --no-build-isolation --editable .
	@touch $@

twin/.written: .venv/.installed $(TWIN)
	$(BIN)/veje twin --out twin
	@touch $@

demo: .venv/.installed twin/.written
	@$(BIN)/veje run --config config/config.yaml

twin_2013/.written: .venv/.installed $(wildcard src/veje/twin/after/*.py)
	$(BIN)/veje twin --regime $(YEARS) --out twin_2013
	@touch $@

demo-2013: .venv/.installed twin_2013/.written
	@$(BIN)/veje run --config config/after_2013.yaml

run: .venv/.installed
	@$(BIN)/veje run --config "$(CONFIG)"

nightly: .venv/.installed
	@$(BIN)/veje nightly --config "$(CONFIG)"

reproducible: .venv/.installed
	$(BIN)/python harness/reproducible.py --runs $(RUNS)

starts: .venv/.installed
	$(BIN)/python harness/starts.py --starts $(STARTS)

readers: .venv/.installed
	$(BIN)/python harness/readers.py --reads $(READS)

faults: .venv/.installed
	$(BIN)/python harness/faults.py --points $(POINTS) --chained $(CHAINED) --flips $(FLIPS) --nights $(NIGHTS) --around $(AROUND)

test: .venv/.installed browser
	$(BIN)/python -m pytest -n 2 --dist worksteal

browser:
	@bash tests/browser/chromium.sh

continuity: .venv/.installed
	VEJE_CONTINUITY=yes $(BIN)/python -m pytest -n 0 tests/continuity

slurm: .venv/.installed
	VEJE_SLURM=yes $(BIN)/python -m pytest -n 0 tests/cluster

lint: .venv/.installed twin/.written
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python workflow/lint.py

docs: .venv/.installed
	$(BIN)/veje docs

lock:
	uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --output-file requirements.lock
	uv pip compile pyproject.toml --extra cluster --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --constraint requirements.lock --output-file cluster.lock \
		$$(sed -n 's/^\([a-z0-9-]*\)==.*/--no-emit-package \1/p' requirements.lock | sort -u)

wheelhouse: .venv/.installed
	$(BIN)/python workflow/wheelhouse.py build wheelhouse

clean:
	rm -rf .venv twin twin_2013 results results_2013 .snakemake
