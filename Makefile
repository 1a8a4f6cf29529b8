# The whole build. `make help` lists the targets; a variant (sanitizers, coverage, another
# compiler) is the same build in a folder of its own: make BUILD=build-x CC=clang SANITIZE=...
BUILD    ?= build
SANITIZE ?=
COVERAGE ?=
T        ?=
V        ?=
PACKAGES := libmicrohttpd sqlite3 libcjson uuid libsodium libutf8proc xlsxwriter liboath

# Asked once, and only when something is compiled: `deps` may have to install it first.
LIBS       = $(eval LIBS := $$(shell pkg-config --libs $(PACKAGES)) -pthread -lm)$(LIBS)
CHECK_LIBS = $(eval CHECK_LIBS := $$(shell pkg-config --libs check))$(CHECK_LIBS)

MODE   := $(if $(SANITIZE),-g1 -O1 -fno-omit-frame-pointer -fsanitize=$(SANITIZE) \
            -fno-sanitize-recover=all,$(if $(COVERAGE),-O0 --coverage,-O2 \
            -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
# (void) says "deliberately ignored", but not to gcc: clang watches over unused results.
CFLAGS := -std=c11 -D_GNU_SOURCE -g $(MODE) -Wall -Wextra -Wpedantic -Wshadow \
          -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror -fstack-protector-strong \
          $(if $(findstring clang,$(CC)),,-Wno-unused-result) -fPIE -pthread \
          -I include -I $(BUILD)/gen $(EXTRA_CFLAGS)
LDFLAGS := $(if $(SANITIZE),-fsanitize=$(SANITIZE)) $(if $(COVERAGE),--coverage) \
           -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed $(EXTRA_LDFLAGS)

# A new file is found by its place; nothing here has to be edited.
SOURCES  := $(sort $(wildcard src/*/*.c))
TESTS    := $(sort $(wildcard tests/unit/test_*.c tests/api/test_*.c))
SUPPORT  := $(sort $(wildcard tests/support/*.c))
FUZZERS  := $(sort $(wildcard tests/fuzz/fuzz_*.c))
QUERIES  := $(sort $(wildcard sql/queries/*.sql))
SCHEMA   := $(sort $(wildcard sql/schema/*.sql))
EMBEDDED := $(sort $(wildcard api/openapi.yaml sql/seed/*.csv sql/seed/*.sql \
                              sql/demo/*.csv sql/demo/*.sql web/citizen/*))

GEN       := $(BUILD)/gen
GENERATED := $(addprefix $(GEN)/,errors.gen queries.gen schema.gen embedded.gen)
HEADERS   := $(GENERATED:=.h) $(BUILD)/gen/suites.gen.h
LIBRARY   := $(BUILD)/libyidan.a
TOOLS     := $(patsubst %,$(BUILD)/tools/%,gen_errors gen_queries embed embed_web check_layers)
REPLAYS   := $(FUZZERS:tests/fuzz/fuzz_%.c=$(BUILD)/fuzz/replay_%)
OBJECTS   := $(SOURCES:%.c=$(BUILD)/%.o) $(GENERATED:=.o)
TEST_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,tests/unit/main.c $(TESTS) $(SUPPORT))

ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif
# V=1 shows the commands.
say = $(if $(V),,@echo '  $(1) $(patsubst $(BUILD)/%,%,$(2))';)
.DELETE_ON_ERROR:
.SECONDEXPANSION:
.PRECIOUS: $(BUILD)/%.o
.DEFAULT_GOAL := all

all: $(BUILD)/yidan $(TOOLS) ## build the server and its tools (the default)

$(BUILD)/yidan: $(BUILD)/src/main.o $(BUILD)/gen/web.gen.o $(LIBRARY)
	$(call say,link,$@)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/run_tests: $(TEST_OBJECTS) $(LIBRARY)
	$(call say,link,$@)$(CC) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(CHECK_LIBS) $(LIBS)
$(BUILD)/fuzz/replay_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay.o $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,link,$@)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,link,$@)$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)
$(TOOLS): $(BUILD)/tools/%: $(BUILD)/tools/%.o $(BUILD)/tools/tool.o
	$(call say,link,$@)$(CC) $(LDFLAGS) -o $@ $^
$(LIBRARY): $(OBJECTS)
	$(call say,ar,$@)rm -f $@ && ar rcs $@ $(filter %.o,$^)

$(BUILD)/%.o: %.c $(BUILD)/flags | deps-build
	@mkdir -p $(@D)
	$(call say,cc,$<)$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/gen/%.o: $(BUILD)/gen/%.c $(BUILD)/flags
	$(call say,cc,$<)$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<
$(OBJECTS) $(TEST_OBJECTS) $(BUILD)/src/main.o: | $(HEADERS)
$(FUZZERS:%.c=$(BUILD)/%.o): | $(HEADERS)
# A suite is found by its file's name, and may be declared nowhere else.
$(BUILD)/tests/%.o: private CFLAGS += -Wno-missing-prototypes -I tests -I src
-include $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d)

# A generator ends at once and leaves its memory to the system.
GENERATE := ASAN_OPTIONS=detect_leaks=0
generate  = @mkdir -p $(GEN); echo '  make $(patsubst $(BUILD)/%,%,$@)'; $(GENERATE) $(BUILD)/tools/

$(GEN)/errors.gen.h $(GEN)/errors.gen.c $(GEN)/errors.md &: api/errors.tsv \
        $(BUILD)/tools/gen_errors
	$(generate)gen_errors $< $(addprefix $(GEN)/errors.,gen.h gen.c md)
$(GEN)/queries.gen.h $(GEN)/queries.gen.c &: $(QUERIES) $(BUILD)/tools/gen_queries $(BUILD)/inputs
	$(generate)gen_queries $(addprefix $(GEN)/queries.gen.,h c) $(QUERIES)
$(GEN)/schema.gen.h $(GEN)/schema.gen.c &: $(SCHEMA) $(BUILD)/tools/embed $(BUILD)/inputs
	$(generate)embed schema $(addprefix $(GEN)/schema.gen.,h c) $(SCHEMA)
# Embedded under their names below sql/, api/ and web/: "seed/holidays.csv", "openapi.yaml".
$(GEN)/embedded.gen.h $(GEN)/embedded.gen.c &: $(EMBEDDED) $(BUILD)/tools/embed $(BUILD)/inputs
	$(generate)embed files $(addprefix $(GEN)/embedded.gen.,h c) \
	    $(foreach f,$(EMBEDDED),$(patsubst web/%,%,$(patsubst api/%,%,$(f:sql/%=%)))=$(f))
$(GEN)/suites.gen.h: $(BUILD)/suites
	@mkdir -p $(GEN)
	@for suite in $(patsubst test_%.c,%,$(notdir $(TESTS))); do echo "SUITE($$suite)"; done > $@

# The browser's side is built where there is a node for it, or an npm that can fetch one.
# WEB=no builds without: a page that says so stands in.  `make test` never needs it.
WEB ?= $(eval WEB := $$(shell tools/node.sh check && echo yes || echo no))$(WEB)
WEB_PAGES   = $(if $(filter yes,$(WEB)),web/dist,web/notice)
WEB_SOURCES = $(shell find web/src web/scripts -type f ! -name '*.gen.*' ! -name schema.d.ts) \
              $(addprefix web/,index.html package.json vite.config.ts tsconfig.json) \
              api/openapi.yaml api/errors.tsv
NODE        = env BUILD=$(abspath $(BUILD)) $(CURDIR)/tools/node.sh run
web/node_modules/.package-lock.json: web/package-lock.json
	$(call say,npm,web/package-lock.json)! grep -q '"resolved"' $< || \
	    { echo '$<: names a registry host' >&2; exit 1; }
	@$(NODE) npm --prefix web ci --ignore-scripts --no-audit --no-fund --silent || \
	    { echo 'make WEB=no builds without the browser'"'"'s side' >&2; exit 1; }
	@touch $@
# Two makes in one tree (contract and bench, say) do not build it at the same time.
web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	$(call say,vite,web/dist)flock web/node_modules $(NODE) npm --prefix web run --silent bundle
	@touch $@
$(GEN)/web.gen.c: $(BUILD)/web $(BUILD)/tools/embed_web $$(WEB_PAGES)/index.html
	$(generate)embed_web $@ $(WEB_PAGES)

# What changes without a file getting younger: flags, and files that came or went.  Such a
# note is rewritten, and makes what depends on it, only when it says something else.
note = @mkdir -p $(BUILD); echo '$(1)' | cmp -s - $@ || echo '$(1)' > $@
$(BUILD)/flags: FORCE
	$(call note,$(CC) $(CFLAGS))
$(BUILD)/inputs: FORCE
	$(call note,$(QUERIES) $(SCHEMA) $(EMBEDDED))
$(BUILD)/sources: FORCE
	$(call note,$(SOURCES))
$(BUILD)/web: FORCE
	$(call note,$(WEB_PAGES))
$(BUILD)/suites: FORCE
	$(call note,$(TESTS) $(SUPPORT))
$(LIBRARY): $(BUILD)/sources
$(BUILD)/run_tests: $(BUILD)/suites
.PHONY: FORCE

# A program of a test or measurement: tests/bench/bare.c becomes $(BUILD)/tests/bench/bare.
$(BUILD)/tests/%: $(BUILD)/tests/%.o $(LIBRARY)
	$(call say,link,$@)$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS)
$(BUILD)/tests/power/replay: $(patsubst %,$(BUILD)/tests/power/%.o,disk disk_image promise)
$(patsubst %,$(BUILD)/tests/power/%.o,replay disk disk_image promise): | $(HEADERS)

# The timer under any clock; its cast is set up with what the suites are set up with.
CLOCK_TESTS   := $(addprefix $(BUILD)/tests/clock/,cast schedules)
CLOCK_OBJECTS := $(patsubst %,$(BUILD)/tests/clock/%.o,schedules compare scenes moved)
$(BUILD)/tests/clock/cast: $(BUILD)/tests/clock/cast.o $(SUPPORT:%.c=$(BUILD)/%.o) $(LIBRARY)
	$(call say,link,$@)$(CC) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS) $(LIBS)
$(BUILD)/tests/clock/schedules: $(CLOCK_OBJECTS) $(LIBRARY)
	$(call say,link,$@)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/tests/clock/cast.o $(CLOCK_OBJECTS): | $(HEADERS)

# What is preloaded into the server: tests/power/recorder.c becomes a .so.
$(BUILD)/tests/%.so: tests/%.c $(BUILD)/flags | deps-build
	@mkdir -p $(@D)
	$(call say,link,$@)$(CC) $(CFLAGS) -fPIC -shared -o $@ $<

# --- What one asks for -------------------------------------------------------------------

LISTEN  ?= 127.0.0.1:8080
DATA    ?= var/demo
SCRIPT   = BUILD=$(BUILD) CC='$(CC)' $(foreach n,KILL_ROUNDS RACE_ROUNDS LEDGER_ROWS SCHEDULES IMAGES SEED SYNC_US C N COUNTY,$(if $($(n)),$(n)=$($(n))))
VARIANT  = $(MAKE) --no-print-directory BUILD=$(BUILD)-$(1)
CHECK_LAYERS = $(GENERATE) $(BUILD)/tools/check_layers docs/layers.txt $(SOURCES) \
               $(wildcard src/*.c src/*/*.h include/*/*.h)
SUITE_TIMES := CK_DEFAULT_TIMEOUT=20 CK_TIMEOUT_MULTIPLIER=$(if $(SANITIZE)$(COVERAGE),5,1)
.PHONY: all run test layers tools-test replay check check-code check-served check-browsed check-asan check-tsan check-clang check-cov \
        check-all large contract calendar journeys schedules power fuzz bench lint format docs deps \
        web web-check pictures deps-build clean help

run: all ## serve a small made-up county on LISTEN=127.0.0.1:8080 from DATA=var/demo
	@mkdir -p $(dir $(DATA))
	@test -e $(DATA)/yidan.db || $(BUILD)/yidan init --data $(DATA) --demo
	exec $(BUILD)/yidan serve --data $(DATA) --listen $(LISTEN)

test: $(BUILD)/run_tests $(TOOLS) tools-test replay ## what one runs after every edit; T='words' picks suites
	@$(SUITE_TIMES) $(RUNNER) $(BUILD)/run_tests $(T)
	@$(CHECK_LAYERS)
layers: $(BUILD)/tools/check_layers
	@$(CHECK_LAYERS)
tools-test: $(TOOLS)
	@CC='$(CC)' tests/tools.sh $(BUILD)
replay: $(REPLAYS)
	@for x in $(FUZZERS:tests/fuzz/fuzz_%.c=%); do \
	    $(BUILD)/fuzz/replay_$$x tests/fuzz/corpus/$$x tests/fuzz/regression/$$x \
	        > $(BUILD)/fuzz/$$x.log || { tail -n 2 $(BUILD)/fuzz/$$x.log; exit 1; }; \
	    tail -n 1 $(BUILD)/fuzz/$$x.log; done

check: ## what a change must pass; installs what it needs (a quarter of an hour on 2 cores)
	tools/deps.sh check
	$(MAKE) all
	$(MAKE) test
	$(MAKE) -j3 --output-sync=target check-code check-served check-browsed
	@echo 'make check: passed'
# Rows that run side by side: half of the time the one waits where another works.
STEP = +@begin=$$(date +%s); $(MAKE) $(1) && echo "make $(firstword $(1)): $$(($$(date +%s) - begin)) s"
check-code:
	$(call STEP,check-asan)
	$(call STEP,lint)
check-served:
	$(call STEP,contract)
	$(call STEP,calendar)
	$(call STEP,journeys)
	$(call STEP,power)
check-browsed:
	$(call STEP,web-check)
# The other compiler's: it warns of other things, and its sanitizers look at more.
check-asan: ## `test` built by clang, under its address and undefined-behaviour sanitizers
	+$(call VARIANT,asan) CC=clang SANITIZE=address,undefined test
# The thread sanitizer needs its memory where it expects it.  Not in `check`, which is long enough.
check-tsan: ## `test` under the thread sanitizer
	+$(call VARIANT,tsan) SANITIZE=thread test \
	    RUNNER="$$(setarch -R true 2>/dev/null && echo setarch -R)"
check-clang: ## `test` built by clang without sanitizers
	+$(call VARIANT,clang) CC=clang test
check-cov: ## `test` with branch coverage of the rules
	+$(call VARIANT,cov) COVERAGE=1 test
	@tools/coverage.sh $(BUILD)-cov src/domain/*.c
check-all: ## everything, before a release
	$(MAKE) check
	$(MAKE) check-clang
	$(MAKE) check-tsan
	$(MAKE) check-cov
	$(MAKE) journeys KILL_ROUNDS=200 RACE_ROUNDS=1000
	$(MAKE) bench

large: $(BUILD)/run_tests ## random walks of 10^6 actions, 10^5 schedules of the clock, journeys with many rounds, 10^6 losses of power
	YIDAN_WALKS=100 $(BUILD)/run_tests ticket_life
	YIDAN_SCHEDULES=1000 $(BUILD)/run_tests sweep_clock
	$(MAKE) schedules SCHEDULES=100000
	$(MAKE) journeys KILL_ROUNDS=1000 RACE_ROUNDS=1000
	$(MAKE) power IMAGES=1000000

contract: all ## recorded exchanges against api/openapi.yaml
	$(SCRIPT) tests/contract/run.sh
calendar: $(BUILD)/tests/calendar/deadlines ## deadlines against two independent computations
	tests/calendar/run.sh $<
journeys: all $(BUILD)/tests/journeys/check_store $(CLOCK_TESTS) ## the server from outside, as its users meet it
	@for script in $(wildcard tests/journeys/*.sh tests/clock/*.sh); do \
	    echo "$$script"; $(SCRIPT) $$script || exit 1; done
schedules: $(CLOCK_TESTS) ## the timer under random schedules of the clock: SCHEDULES=150 (10^5: an hour on 2 cores)
	$(SCRIPT) tests/clock/schedules.sh
power: all $(addprefix $(BUILD)/tests/power/,replay recorder.so) ## losses of power: nothing acknowledged is lost; IMAGES=3000 SEED= POWER_DIR=
	POWER_DIR='$(POWER_DIR)' $(SCRIPT) tests/power/run.sh

web: web/dist/index.html ## the browser's side alone, into web/dist
web-check: all ## its form, types, units and sizes, then journeys in a browser; E2E='words' picks
	@test '$(WEB)' = yes || { echo 'web-check: needs node' >&2; exit 1; }
	cd web && for step in lint types test budget; do \
	    $(NODE) npm run --silent $$step || exit 1; done
	cd web && YIDAN=$(abspath $(BUILD)/yidan) $(NODE) npm run --silent e2e -- $(E2E)

pictures: all ## the README's pictures of the made-up county, into docs/pictures
	cd web && E2E_ALL=1 YIDAN=$(abspath $(BUILD)/yidan) $(NODE) npm run --silent e2e -- pictures

fuzz: ## T=json: run the fuzzer of tests/fuzz/fuzz_json.c until stopped; FUZZ_ARGS=-runs=1000
	@test -f tests/fuzz/fuzz_$(T).c || \
	    { echo 'T= is one of: $(FUZZERS:tests/fuzz/fuzz_%.c=%)'; exit 1; }
	+$(call VARIANT,fuzz) CC=clang SANITIZE=fuzzer-no-link,address,undefined \
	    $(BUILD)-fuzz/fuzz/fuzz_$(T)
	@mkdir -p $(BUILD)-fuzz/corpus/$(T) tests/fuzz/corpus/$(T) tests/fuzz/regression/$(T)
	$(BUILD)-fuzz/fuzz/fuzz_$(T) -artifact_prefix=tests/fuzz/regression/$(T)/ $(FUZZ_ARGS) \
	    $(BUILD)-fuzz/corpus/$(T) tests/fuzz/corpus/$(T) tests/fuzz/regression/$(T)

bench: all ## measure against bare libmicrohttpd and bare SQLite; appends to tests/bench/history.tsv
	tools/deps.sh bench
	$(SCRIPT) tests/bench/run.sh all
# Also bench-raw, bench-get, bench-list, bench-write (SYNC_US=, C=), bench-stream, bench-login,
# bench-mixed; and, not among "all", bench-dash, bench-scale, bench-start and bench-sweep
# (N= tickets; COUNTY= a directory that keeps them for the next run of the same).
bench-%: all
	tools/deps.sh bench
	$(SCRIPT) tests/bench/run.sh $*

lint: $(HEADERS) layers ## form, static analysis, scripts, generated pages, released schema
	BUILD=$(BUILD) tools/lint.sh
format: ## bring C files into form
	tools/lint.sh files | xargs clang-format -i
docs: $(GEN)/errors.md ## write the pages that are made from data
	cp $(GEN)/errors.md docs/errors.md

deps-build:
	@tools/deps.sh build
deps: ## install what building, checking and measuring need (Debian packages)
	for level in build check bench; do tools/deps.sh $$level || exit 1; done
clean: ## remove everything that was built
	rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-tsan $(BUILD)-clang $(BUILD)-cov $(BUILD)-fuzz
help: ## print this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile
