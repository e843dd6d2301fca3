# make demo   the main job on a recorded real Worker
# make test   everything: format, lint, types, import rules, tests, real runtimes, a real VS Code
#
# Each sets up what it needs: a virtual environment in .venv, npm packages, and Debian packages
# where it runs as root.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
NODE_PROJECTS := client-vscode examples tests/sourcemaps/oracle

.PHONY: demo test gates python-gates node-gates python-tests bench fixtures clean

demo: $(STAMPS)/leakline
	@$(BIN)/leakline demo; status=$$?; test $$status -le 1

test: $(STAMPS)/dev $(STAMPS)/runtimes $(NODE_PROJECTS:%=%/node_modules/.package-lock.json)
	$(MAKE) --no-print-directory -j2 --output-sync=target gates python-tests

gates: python-gates node-gates

python-gates: $(STAMPS)/dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

node-gates: client-vscode/node_modules/.package-lock.json
	cd client-vscode && npm run --silent lint && npm run --silent typecheck && npm test --silent

python-tests: $(STAMPS)/dev $(STAMPS)/runtimes
	$(BIN)/pytest --fail-on-skip

# A made environment is told by a stamp that is younger than what it was made from.
$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(STAMPS)/leakline: $(VENV)/bin/python pyproject.toml setup.py server/leakline/heap/kernels.py
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: $(STAMPS)/leakline
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

$(STAMPS)/runtimes: tests/runtimes/install.sh tests/runtimes/package-lock.json
	bash tests/runtimes/install.sh
	@mkdir -p $(STAMPS) && touch $@

%/node_modules/.package-lock.json: %/package.json %/package-lock.json
	cd $* && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

clean:
	rm -rf $(VENV) build dist out $(NODE_PROJECTS:%=%/node_modules) tests/runtimes/node_modules
