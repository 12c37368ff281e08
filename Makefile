# Two commands must always work on a fresh machine: `make run` and `make test`. Both install what they need.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

FRONTEND := $(shell find frontend static -type f -not -path 'static/build/*' 2>/dev/null)

.PHONY: help run test test-long soak check fix bench performance pictures reset docs backup restore

help: ## What there is to do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/.runs staticfiles/.built ## A served demo on http://localhost:8000, from nothing
	@exec $(PY) -m ani_portal.tryout_run

test: $(VENV)/.tests staticfiles/.built ## All tests, with a real PostgreSQL and a real browser
	@bash scripts/need-chromium && bash scripts/need-faketime && bash scripts/need-nginx
	@$(PY) -m pytest -n 2 --dist worksteal -m "not long"

test-long: $(VENV)/.tests staticfiles/.built ## The long ones, and the soak unless PARTS= names some; dated reports in docs/reports/
	@bash scripts/need-chromium && bash scripts/need-faketime && bash scripts/need-nginx
	@well=0; $(PY) -m tests.long_report $(PARTS) || well=1; test -n "$(PARTS)" || $(PY) -m tests.faults.soak || well=1; exit $$well

soak: $(VENV)/.tests staticfiles/.built ## An hour of mixed load and what grew in it; writes a dated report to docs/reports/
	@$(PY) -m tests.faults.soak

check: $(VENV)/.tests ## Formatting, lint, types, import contracts, templates, migrations; changes nothing
	@bash scripts/check

fix: $(VENV)/.tests ## Mend what can be mended by itself
	@$(VENV)/bin/ruff check --fix --quiet . || true
	@$(VENV)/bin/ruff format --quiet .

docs: $(VENV)/.tests ## Write the generated parts of the docs anew
	@$(PY) manage.py generate

pictures: $(VENV)/.tests staticfiles/.built ## Take the docs' pictures of the screens anew
	@bash scripts/need-chromium
	@ANI_PICTURES=1 $(PY) -m pytest -q tests/e2e -m "not long"

bench: $(VENV)/.tests staticfiles/.built ## The benchmarks; writes var/bench.json
	@$(PY) -m benchmarks

performance: $(VENV)/.tests ## Put the benchmarks' results into docs/performance.md and its page of charts
	@$(PY) -m benchmarks.report

backup: $(VENV)/.runs ## Back up the data and, apart from it, the store of keys
	@$(PY) manage.py backup

restore: $(VENV)/.runs ## Replace the database by a backup: YES=1, and DATA=file VAULT=file if not the newest
	@$(PY) manage.py restore $(if $(DATA),--data $(DATA)) $(if $(VAULT),--vault $(VAULT)) $(if $(YES),--yes)

reset: $(VENV)/.runs ## Forget the demo and start afresh
	@$(PY) -m ani_portal.engine reset
	@rm -f var/demo.json
	@rm -rf var/secrets
	@echo "Forgotten. \`make run\` starts afresh."

$(PY):
	@echo "Python: making a virtual environment …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is " + sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV) || { echo "The virtual environment could not be made. On Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/.runs: requirements.txt | $(PY)
	@echo "Python: installing what the portal needs (about 30 s) …"
	@$(PY) -m pip install --quiet --require-hashes -r requirements.txt || { echo "The packages could not be installed: is there a network?"; exit 1; }
	@touch $@

$(VENV)/.tests: requirements-dev.txt $(VENV)/.runs
	@echo "Python: installing what the tests need (about 30 s) …"
	@$(PY) -m pip install --quiet --require-hashes -r requirements-dev.txt || { echo "The packages could not be installed: is there a network?"; exit 1; }
	@touch $@

node_modules/.installed: package.json package-lock.json requirements-node.txt | $(VENV)/.runs
	@echo "Pages: installing the front end's parts …"
	@bash scripts/npm ci --silent --no-progress || { echo "The front end's parts could not be installed: is there a network?"; exit 1; }
	@touch $@

staticfiles/.built: node_modules/.installed $(FRONTEND) | $(VENV)/.runs
	@echo "Pages: building styles and scripts …"
	@bash scripts/npm run --silent build || { echo "Styles and scripts could not be built; what went wrong stands above."; exit 1; }
	@ANI_TRYOUT=1 $(PY) manage.py collectstatic --noinput --clear --verbosity 0
	@touch $@
