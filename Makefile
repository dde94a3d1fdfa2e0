# Everything is built by `make`, shown by `make demo` and checked by `make test`.
# Yours to set: CC CFLAGS CPPFLAGS LDFLAGS LDLIBS PREFIX DESTDIR, and SAN=address or SAN=thread.

CFLAGS = -O2 -g
PREFIX = /usr/local

OURS  = -std=c11 -D_XOPEN_SOURCE=700 -Icommon -Iasync -MMD -MP -Wall -Wextra -Wpedantic -Wshadow -Wconversion
BUILD = build/plain
BIN   = bin

# A sanitizer's build stands apart from the plain one, programs and all.
ifdef SAN
SANFLAGS = $(SANFLAGS_$(SAN)) -fno-omit-frame-pointer
SANFLAGS_address = -fsanitize=address,undefined -fno-sanitize-recover=all
SANFLAGS_thread  = -fsanitize=thread
BUILD = build/$(SAN)
BIN   = build/$(SAN)/bin
endif

SERVERS = $(BIN)/threaded $(BIN)/forked $(BIN)/async
CLIENTS = $(BIN)/load $(BIN)/ask
CHECKS  = $(addprefix $(BUILD)/tests/,clumsy unit_request unit_session unit_waits unit_deadlines \
            unit_timers unit_latency unit_trace fuzz_request fuzz_session)
FLOORS  = $(addprefix $(BUILD)/tests/floors/,epoll_echo thread_echo fork_echo)

# Functions of libc are found when a server starts, or else each forked child finds them for
# itself, at nine page faults. Linkers elsewhere have other words for it.
$(SERVERS): BIND = $(BIND_$(shell uname -s))
BIND_Linux = -Wl,-z,now

# What the programs are made of: a server is its own directory and common; a client on the event
# loop takes what it needs of async.
objects   = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(1)/*.c))
common   := $(call objects,common)
loop     := $(addprefix $(BUILD)/async/,loop.o timers.o slow.o backends.o epoll.o poll.o select.o)

all: $(SERVERS) $(CLIENTS)

$(BIN)/threaded: $(call objects,threaded) $(common)
$(BIN)/forked:   $(call objects,forked) $(common)
$(BIN)/async:    $(call objects,async) $(common)
$(BIN)/ask:      $(BUILD)/tests/ask.o $(common)
$(BIN)/load:     $(addprefix $(BUILD)/tests/,load.o callers.o latency.o replies.o) $(loop) $(common)
$(CHECKS): %: %.o $(loop) $(common)
$(addprefix $(BUILD)/tests/,unit_session unit_waits unit_deadlines fuzz_session): $(BUILD)/tests/talk.o
$(addprefix $(BUILD)/tests/,fuzz_request fuzz_session): $(BUILD)/tests/lines.o
$(BUILD)/tests/unit_latency: $(BUILD)/tests/latency.o

$(FLOORS): %: %.o

$(SERVERS) $(CLIENTS) $(CHECKS) $(FLOORS):
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SANFLAGS) $(BIND) $(LDFLAGS) -o $@ $^ -pthread $(LDLIBS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(SANFLAGS) $(OURS) -c -o $@ $<

# ---- What one does with it ----

demo: all
	BIN=$(BIN) tutorial/demo

test check: all $(CHECKS) $(FLOORS)
	BIN=$(BIN) UNITS=$(BUILD)/tests tests/run $(TESTS)

report: all
	BIN=$(BIN) CC='$(CC)' CFLAGS='$(CFLAGS)' QUICK='$(QUICK)' tutorial/report

pictures: all
	tutorial/pictures

bench: all $(FLOORS)
	BIN=$(BIN) FLOORS=$(BUILD)/tests/floors tests/bench

lint:
	shellcheck .ci/run tutorial/weave tutorial/session tutorial/shell tutorial/demo tutorial/measure tutorial/claims tutorial/report tutorial/report-page tutorial/timeline tutorial/pictures tests/run tests/bench tests/*.bash tests/*.bats
	clang-tidy --quiet $(wildcard */*.c tests/floors/*.c) -- -std=c11 -D_XOPEN_SOURCE=700 -Icommon -Iasync

install: $(SERVERS)
	mkdir -p "$(DESTDIR)$(PREFIX)/bin"
	cp $(SERVERS) "$(DESTDIR)$(PREFIX)/bin"

uninstall:
	for program in $(notdir $(SERVERS)); do rm -f "$(DESTDIR)$(PREFIX)/bin/$$program"; done

clean:
	rm -rf bin build

help:
	@echo 'make            build bin/threaded, bin/forked, bin/async, bin/load and bin/ask'
	@echo 'make demo       compare the three on this machine, in under a minute'
	@echo 'make test       check everything (make check is the same)'
	@echo 'make bench      measure each server against the smallest echo of its kind: some minutes'
	@echo 'make report     measure at length: plots and a table in build/report; QUICK=1 in under a minute'
	@echo 'make pictures   draw the timelines of the walkthroughs anew, from runs on this machine'
	@echo "make test TESTS='requests forked'   only these suites, of tests/*.bats"
	@echo 'make test ONLY=async   the shared suites against the configurations of one program'
	@echo 'make lint       shellcheck and clang-tidy'
	@echo 'make install    copy the three servers to $$(DESTDIR)$$(PREFIX)/bin; make uninstall'
	@echo 'make clean      remove what was built'
	@echo 'make SAN=address, make SAN=thread: the same with a sanitizer, under build/'

.PHONY: all demo test check report pictures bench lint install uninstall clean help
.SECONDARY:
-include $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d)
