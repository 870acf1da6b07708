# Targets for people; `make` alone lists them. Everything runs without questions, as root or not.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

SWIFT := swift
SWIFT_FILES := Package.swift Sources Tests
# The Swift runtime goes into the program, so that it runs where no Swift is installed; symbols stay out, since every
# scan with digests hashes the program too.
RELEASE := -c release --product undertone --static-swift-stdlib -Xlinker -s
UNDERTONE := .build/release/undertone

# Steps depend on each other's side effects: what is installed, what is built.
.NOTPARALLEL:

.PHONY: help
help: ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

.PHONY: demo
demo: install build ## build, scan a small drop, and show what became of it
	@UNDERTONE=$(UNDERTONE) fixtures/demo/run

.PHONY: test
test: install lint experiments ## everything that a change must pass: lint, experiments, Python tests, Swift tests
	@.ci/install tests
	@.ci/python-tests
	$(SWIFT) build --build-tests
	@.ci/swift-tests

.PHONY: experiments
experiments: install build ## the published experiments, some minutes; the tests check what they find
	@UNDERTONE=$(UNDERTONE) .ci/experiments .build/experiments

.PHONY: lint
lint: ## check format and documentation comments
	$(SWIFT) format lint --strict --recursive --parallel $(SWIFT_FILES)

.PHONY: format
format: ## write all Swift files in the project's format
	$(SWIFT) format --in-place --recursive --parallel $(SWIFT_FILES)

.PHONY: build
build: ## build the release program, .build/release/undertone
	$(SWIFT) build $(RELEASE)

.PHONY: bench
bench: install build ## compare with other tools and write the table of Benchmarks/README.md
	python3 Benchmarks/bench.py --write
	python3 Benchmarks/catalogue.py --write
	python3 Benchmarks/attribution.py --write
	python3 Benchmarks/judge.py --write
	python3 Benchmarks/compare.py --write
	cd Benchmarks && python3 -m training --write

.PHONY: install
install: ## install what is missing on this machine (Debian packages)
	@.ci/install
