# make            builds everything; warnings are errors
# make run        builds, serves, loads the history of this repository, follows it; Ctrl-C ends it
# make test       all tests
# make check      what CI runs: format, build, tests
# make format     formats every Swift file
# make lint       says what the formatter would change
# make docs       the reference, one folder for each library under .build/docs
# make bench      the benchmarks, a package of their own
# make bench-http requests a second over HTTP (needs wrk)
# make tsan       tests under the thread sanitizer;  make asan: under the address sanitizer
# make clean      removes what was built
#
# FILTER='words of a name' narrows make test, tsan and asan.

SWIFT ?= swift
SOURCES = Package.swift Sources Tests samples Benchmarks/Package.swift Benchmarks/Benchmarks
# A target imports only what it declares: the layers of docs/architecture.md.
BUILD_FLAGS = --explicit-target-dependency-import-check error
FILTERED = $(if $(FILTER),--filter '$(FILTER)')
LIBRARIES = EventModel AtomFormat FeedPages Subscriptions SQLiteStorage AccessControl EventStoreWire \
	FeedServing FeedReading EventTesting

.DEFAULT_GOAL := build
.PHONY: build run test check format lint docs bench bench-http tsan asan clean setup setup-tests

setup:
	@sh .ci/setup build

setup-tests:
	@sh .ci/setup test

build: setup
	$(SWIFT) build $(BUILD_FLAGS)

run: build
	@exec sh samples/git-history/run.sh "$$($(SWIFT) build --show-bin-path)" "$${REPOSITORY:-.}"

# Tests at the same time. Without a bound the testing library starts all of them at once, and on
# two cores those with real processes then wait for each other longer than their deadlines allow.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH = 4
# The suite on large input takes minutes and both cores, so it runs after the others. Where
# EVENTFEED_SAMPLES is not set it runs with them, to say that it is skipped.
LARGE = The loan applications
APART = $(if $(EVENTFEED_SAMPLES),$(if $(FILTER),,yes))

# Built first with the same flags and into the same folder, so that nothing is compiled twice.
test: setup-tests
	$(SWIFT) build --build-tests $(BUILD_FLAGS)
	$(SWIFT) test --skip-build $(if $(APART),--skip '$(LARGE)',$(FILTERED))
	$(if $(APART),$(SWIFT) test --skip-build --filter '$(LARGE)')

check: lint
	@$(MAKE) --no-print-directory test

format:
	$(SWIFT) format -i -r -p $(SOURCES)

lint:
	$(SWIFT) format lint --strict -r -p $(SOURCES)

docs: setup
	@mkdir -p .build/docs
	@for library in $(LIBRARIES); do \
		$(SWIFT) package --allow-writing-to-directory .build/docs generate-documentation \
			--target $$library --warnings-as-errors --output-path .build/docs/$$library \
			--transform-for-static-hosting --hosting-base-path $$library || exit 1; \
	done

bench: setup
	cd Benchmarks && $(SWIFT) package --allow-writing-to-package-directory benchmark

bench-http:
	@sh Benchmarks/event-store.sh

# Sanitizers are builds of their own, in folders of their own.
tsan: setup-tests
	$(SWIFT) test --sanitize=thread --scratch-path .build/tsan $(FILTERED)

# Leaks are not looked for: the test runner itself has some.
asan: setup-tests
	ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --sanitize=address --scratch-path .build/asan $(FILTERED)

clean:
	$(SWIFT) package clean
	rm -rf .build/run .build/docs
