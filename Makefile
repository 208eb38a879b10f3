# Thin over `quartier …`: what happens is in quartier/cli. Everything is installed in this folder.
# PORT=8123 make demo          chooses the port (8000 otherwise)
# make demo NEW=1              throws the demonstration away and makes it afresh
# make demo-line               the same with the phone line, and people who call it

.DEFAULT_GOAL := help
.PHONY: help demo demo-line run test test-all lint bench uv

# uv on the PATH if it really runs (a shim that leads nowhere does not count), else our own in .uv/.
UV := $(shell if uv --version >/dev/null 2>&1; then echo uv; else echo .uv/bin/uv; fi)
ifneq ($(UV),uv)
NEEDS_UV := .uv/bin/uv
endif
# No surprises from the shell that make was called from. Without its compiled files Python takes three times as long
# to start.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE
export UV_NO_PROGRESS = 1

# A registry that hangs up is asked again.
thrice = $(1) || { sleep 5; $(1); } || { sleep 20; $(1); }

help:
	@echo "make demo       a demonstration with invented people, on this machine"
	@echo "make demo-line  the same with the phone line, and people who call it"
	@echo "make run        serve an installation (make it first: $(UV) run quartier init)"
	@echo "make test       all checks and tests"
	@echo "make test-all   the same, with every page on PostgreSQL and long simulations"
	@echo "make lint       the fast checks"
	@echo "make bench      the benchmarks"

demo: $(NEEDS_UV)
	@$(UV) run --no-dev quartier demo $(if $(NEW),--new)

demo-line: $(NEEDS_UV)
	@$(UV) run --no-dev --extra line quartier demo --with-calls $(if $(NEW),--new)

run: $(NEEDS_UV)
	@$(UV) run --no-dev quartier run

test: $(NEEDS_UV)
	@$(call thrice,$(UV) sync --quiet)
	@$(UV) run quartier test

test-all: $(NEEDS_UV)
	@$(call thrice,$(UV) sync --quiet)
	@QUARTIER_TEST_ALL=1 $(UV) run quartier test

lint: $(NEEDS_UV)
	@$(UV) run quartier lint

bench: $(NEEDS_UV)
	@$(UV) run --group bench quartier bench all

uv: $(NEEDS_UV)

# pip alone is enough; a Debian without pip has venv, or as root gets it.
.uv/bin/uv:
	@echo "Putting uv into .uv/"
	@for pause in 5 20 0; do for python in python3 /usr/bin/python3 python3.13 python3.12; do \
	  $$python -c "" >/dev/null 2>&1 || continue; \
	  $$python -m pip install --quiet --disable-pip-version-check --target .uv --require-hashes \
	    -r deploy/uv.txt >/dev/null 2>&1 && break; \
	  rm -rf .uv; $$python -m venv .uv >/dev/null 2>&1 && \
	    .uv/bin/pip install --quiet --require-hashes -r deploy/uv.txt && break; \
	  rm -rf .uv; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null && \
	    $$python -m venv .uv && .uv/bin/pip install --quiet --require-hashes -r deploy/uv.txt && break; \
	  fi; \
	done; test -x $@ && break; sleep $$pause; done; \
	test -x $@ || { echo "uv is missing and could not be installed: https://docs.astral.sh/uv/ says how."; exit 1; }
