# Everything is built by `make`, shown by `make demo` and checked by `make test`.
# Yours to set: CC CFLAGS CPPFLAGS LDFLAGS LDLIBS PREFIX DESTDIR, and SAN=address or SAN=thread.

# GNU make reads this as the text of a variable; another make says it, and ends.
define OTHERS:
.error this takes GNU make, which is called gmake here
endef

CFLAGS = -O2 -g
PREFIX = /usr/local

# What others call by these names in the environment is theirs.
$(foreach name,SAN KQUEUE TESTS ONLY N FOR MARKS QUICK MATRIX,\
    $(if $(filter environment,$(origin $(name))),$(eval $(name) =)))

SYSTEM := $(shell uname -s)
C11   = -std=c11 -D_XOPEN_SOURCE=700 $(EXPOSE_$(SYSTEM)) -Icommon -Icommon/plumbing -Iasync -Itests/clients
OURS  = $(C11) -MMD -MP -Wall -Wextra -Wpedantic -Wshadow -Wconversion
BUILD = build/plain
BIN   = bin

# Where _XOPEN_SOURCE hides what POSIX has not, and these do not.
EXPOSE_Darwin  = -D_DARWIN_C_SOURCE
EXPOSE_FreeBSD = -D__BSD_VISIBLE=1
EXPOSE_NetBSD  = -D_NETBSD_SOURCE

# The smallest servers for the benchmark, of Linux alone: io_uring, where the headers know it.
FLOORS_Linux = epoll_echo $(shell echo 'int i = IORING_RECV_MULTISHOT;' | \
    $(CC) -include linux/io_uring.h -fsyntax-only -x c - 2>/dev/null && echo uring_echo)

# A write beyond a buffer ends the program where the compiler or libc can see it. A sanitizer sees
# more. (That addresses are random, as executables are position-independent, is the default of gcc.)
ifndef SAN
HARDENING = -fstack-protector-strong $(if $(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CFLAGS)),,\
    $(if $(filter -O1 -O2 -O3 -Os,$(CFLAGS)),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
endif

## make KQUEUE=1: on Linux, with kqueue and SHUT_RD as the BSDs have them; see tests/kqueue
ifdef KQUEUE
C11  += -DHAVE_KQUEUE -Itests/kqueue
BUILD = build/kqueue
BIN   = $(BUILD)/bin
endif

## make SAN=address, make SAN=thread: with a sanitizer, apart from the plain build
ifdef SAN
SANFLAGS = $(SANFLAGS_$(SAN)) -fno-omit-frame-pointer
SANFLAGS_address = -fsanitize=address,undefined -fno-sanitize-recover=all
SANFLAGS_thread  = -fsanitize=thread
$(if $(SANFLAGS_$(SAN)),,$(error SAN is address or thread, not '$(SAN)'))
BUILD = build/$(if $(KQUEUE),kqueue/)$(SAN)
BIN   = $(BUILD)/bin
endif

SERVERS = $(BIN)/threaded $(BIN)/forked $(BIN)/async
CLIENTS = $(BIN)/ask $(BIN)/load $(BIN)/rude
UNITS   = $(addprefix $(BUILD)/,$(basename $(wildcard tests/units/unit_*.c))) \
          $(addprefix $(BUILD)/tests/units/,fuzz play)
FLOORS := $(addprefix $(BUILD)/tests/bench/floors/,thread_echo fork_echo $(FLOORS_$(SYSTEM)))
PATCHES := $(if $(shell command -v patch 2>/dev/null),$(wildcard tests/labs/*/*.patch))
ANSWERS = $(patsubst %,$(BUILD)/%,$(basename $(wildcard tests/labs/*/*.c) $(filter-out tests/labs/8/%,$(PATCHES)))) $(MUTANTS)
TEXTBOOK = $(addprefix $(BUILD)/tests/textbook/,threads processes poll)

# Functions of libc are found when a server starts, or else each forked child finds them for
# itself, at nine page faults; then their addresses are read-only. Linkers elsewhere have other words
# for it.
$(SERVERS): BIND = $(BIND_$(SYSTEM))
BIND_Linux = -Wl,-z,relro,-z,now

# What the programs are made of: a server is its own directory and common; a client on the event
# loop takes what it needs of async.
objects   = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(1)/*.c))
without   = $(filter-out $(BUILD)/$(1)/$(2).o,$(call objects,$(1)))
common   := $(call objects,common) $(call objects,common/plumbing) $(if $(KQUEUE),$(call objects,tests/kqueue))
loop     := $(addprefix $(BUILD)/async/,loop.o timers.o slow.o backends.o epoll.o kqueue.o poll.o select.o)

all: $(SERVERS) $(CLIENTS) ## build the three servers and their clients in bin/: ask, load and rude

$(BIN)/threaded: $(call objects,threaded) $(common)
$(BIN)/forked:   $(call objects,forked) $(common)
$(BIN)/async:    $(call objects,async) $(common)
$(BIN)/ask:      $(BUILD)/tests/clients/ask.o $(common)
$(BIN)/load:     $(addprefix $(BUILD)/tests/clients/,load.o callers.o latency.o replies.o) $(loop) $(common)
$(BIN)/rude:     $(addprefix $(BUILD)/tests/clients/,rude.o attacks.o dialogue.o) $(common)

unit = $(addprefix $(BUILD)/tests/units/,$(1))
$(filter-out %unit_steps,$(UNITS)): %: %.o $(loop) $(common)
$(call unit,unit_session unit_waits unit_steps fuzz): $(call unit,talk.o)
$(call unit,fuzz): $(call unit,judge.o)
$(call unit,unit_latency): $(BUILD)/tests/clients/latency.o
$(call unit,unit_children): $(filter-out %/forked.o %/pipe_tally.o,$(call objects,forked))

# Counts the basic blocks that run while requests are read.
counted := common/channel common/session common/http common/request
$(call unit,unit_steps): $(call unit,unit_steps.o) $(counted:%=$(BUILD)/counted/%.o) \
    $(filter-out $(counted:%=$(BUILD)/%.o),$(common))
$(BUILD)/counted/%.o: OURS += -fsanitize-coverage=trace-pc -include tests/units/steps.h
$(BUILD)/counted/%.o: %.c
	@mkdir -p $(@D)
	$(COMPILE)

$(FLOORS) $(TEXTBOOK) $(ANSWERS): %: %.o

# In what students write, an index beyond its array ends the program at once.
BOUNDS = $(if $(SAN),,-fsanitize=bounds -fsanitize-undefined-trap-on-error)

# A lab's program is the FILE that the student writes and the REST; what the student writes is
# compiled with the HEADER. Each answer in tests/labs, right or wrong, becomes a program in the same
# way. Most of them are patches of the solution.
define lab # NUMBER,DIRECTORY,FILE,REST,HEADER,MORE
LABS += $(BIN)/lab$(1)
$(BIN)/lab$(1): $(BUILD)/tutorial/labs/$(2)/$(3).o
$(BIN)/lab$(1) $(filter $(BUILD)/tests/labs/$(1)/%,$(ANSWERS)): $(BUILD)/tutorial/labs/$(2)/$(4) $(6) $(common)
$(BUILD)/tutorial/labs/$(1)-%.o $(BUILD)/tests/labs/$(1)/%.o: OURS += -Ithreaded -Itutorial/labs/$(2) $(BOUNDS)
$(BUILD)/tutorial/labs/$(2)/$(3).o $(BUILD)/tests/labs/$(1)/%.o: OURS += $(if $(5),-include tutorial/labs/$(2)/$(5))
$(BUILD)/tests/labs/$(1)/%.c: tests/labs/$(1)/%.patch tests/labs/$(1)/solution.c
	@mkdir -p $$(@D)
	patch -s -o $$@ tests/labs/$(1)/solution.c $$<
endef

$(eval $(call lab,1,1-one-at-a-time,server,late.o,late.h,$(BUILD)/threaded/tally.o))
$(eval $(call lab,2,2-the-lost-update,tally,late.o,late.h,$(call without,threaded,tally)))
$(BUILD)/tutorial/labs/2-%/tally.o $(BUILD)/tests/labs/2/%.o: OURS += -fsanitize-coverage=trace-pc
$(eval $(call lab,3,3-the-gil,answers,interpreter.o,holder.h,$(BUILD)/threaded/gil.o))
$(eval $(call lab,4,4-a-process-each,server,fail.o,fail.h))
$(eval $(call lab,5,5-a-number-in-a-pipe,link,server.o))
$(eval $(call lab,6,6-your-own-event-loop,loop,server.o))
$(eval $(call lab,7,7-await,handler,server.o,,$(BUILD)/async/executor.o $(loop)))

# Lab 8 asks for a text, and a copy of it takes the place of the program.
TEXTS = $(patsubst %,$(BUILD)/%,$(basename $(wildcard tests/labs/8/*.md) $(filter tests/labs/8/%,$(PATCHES))))
$(BIN)/lab8: tutorial/labs/8-choose/choice.md
$(BUILD)/tests/labs/8/solution: tests/labs/8/solution.md
$(BIN)/lab8 $(BUILD)/tests/labs/8/solution:
	@mkdir -p $(@D)
	cp $< $@ && chmod +x $@
$(BUILD)/tests/labs/8/%: tests/labs/8/%.patch tests/labs/8/solution.md
	@mkdir -p $(@D)
	patch -s -o $@ tests/labs/8/solution.md $< && chmod +x $@

$(SERVERS) $(CLIENTS) $(UNITS) $(FLOORS) $(TEXTBOOK) $(LABS) $(ANSWERS):
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SANFLAGS) $(BIND) $(LDFLAGS) -o $@ $^ -pthread $(LDLIBS)

COMPILE = $(CC) $(HARDENING) $(OURS) $(CPPFLAGS) $(CFLAGS) $(SANFLAGS) -c -o $@ $<
# Other flags, or another compiler, make all objects anew.
FLAGS = $(subst ','"'"',$(CC) $(CPPFLAGS) $(CFLAGS) $(C11))
$(BUILD)/flags: always
	@mkdir -p $(@D)
	@printf '%s\n' '$(FLAGS)' | cmp -s - $@ || printf '%s\n' '$(FLAGS)' >$@

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE)
$(BUILD)/%.o: $(BUILD)/%.c
	$(COMPILE)

# ---- What one does with it ----

export OUR_BIN = $(BIN)
export OUR_UNITS = $(BUILD)/tests/units
export OUR_FLOORS = $(BUILD)/tests/bench/floors
export OUR_TEXTBOOK = $(BUILD)/tests/textbook

demo: all ## compare the three on this machine, in under a minute
	tutorial/tools/demo

## make test TESTS='requests forked': only these suites, of tests/*.bats
## make test ONLY=async: the shared suites against the configurations of one program
test: ## check everything; make check is the same
test-all: MATRIX = --all
test-all: $(ANSWERS) $(TEXTS) ## the same, with more combinations of options, and the labs' wrong answers
test check test-all: all $(UNITS) $(FLOORS) $(TEXTBOOK) $(if $(ANSWERS),$(LABS) $(BIN)/lab8 $(filter %/solution,$(ANSWERS) $(TEXTS)))
	tests/run $(MATRIX) $(if $(ONLY),--only '$(ONLY)') $(TESTS)

attacks: all $(TEXTBOOK) ## each attack of bin/rude on each server, as a table: some minutes
	tests/attacks

# A number, not the variable of that name, in which Bash counts.
soak: SECONDS = 600
soak: all ## all requests and attacks for ten minutes, or SECONDS=60: nothing may grow
	tests/soak $(SECONDS)

report: all ## measure at length: plots and a table in build/report; QUICK=1 in under a minute
	CC='$(CC)' CFLAGS='$(CFLAGS)' tutorial/tools/report $(if $(QUICK),--quick)

pictures: all ## draw the timelines of the walkthroughs again, on this machine
	tutorial/tools/pictures

labs: ## list the labs
	@tutorial/tools/lab list

lab: ## N=2 checks what you wrote for lab 2
	@tutorial/tools/lab check $(N)

handin: ## N=2 checks lab 2, prints the points, and writes the one file to hand in
	@tutorial/tools/lab handin $(N)

# FOR is gradescope, classroom50 or github, or with MARKS=marks.csv moodle or canvas.
export: ## N=2 FOR=github, for teachers: the lab for a platform of yours; see tests/labs/README.md
	@tutorial/tools/lab export $(N) $(FOR) $(MARKS)

handout: ## an archive for students, without the answers to the labs; see .gitattributes
	@mkdir -p build
	@git rev-parse -q --verify HEAD >/dev/null || \
	    { echo 'make handout packs the last commit, and git knows of none here' >&2; exit 1; }
	git archive --prefix=concurrency/ -o build/handout.tar.gz HEAD

mutants: all ## N=5: which one-edit changes of its solution the check of lab 5 misses
	tests/labs/mutants $(N)

units: $(UNITS)

bench: all $(FLOORS) ## measure each server against the smallest echo of its kind: some minutes
	tests/bench/bench

# Every script says in its first lines that it is one. The peers need libraries.
every   = $(wildcard $(1) */$(1) */*/$(1) */*/*/$(1))
SCRIPTS = $(shell grep -lsE '^\#!.*(bash|bats)|shellcheck shell=bash' .ci/run $(filter-out Makefile,$(call every,*)))
SOURCES = $(filter-out tests/bench/peers/%,$(call every,*.c))

# Lines of up to 100 columns, but for what cannot be broken: tables, links and fences of a page, and
# requests in a test.
lint: ## the length of lines, shellcheck and clang-tidy
	@awk 'length > 100 && !/^[|`]|^ *>> |]\(/ { print FILENAME ":" FNR ": " length " columns"; bad = 1 } \
	    END { exit bad }' $(SCRIPTS) $(filter-out common/plumbing/page.c,$(call every,*.[ch])) $(call every,*.awk) $(filter-out tests/labs/8/%,$(call every,*.md))
	shellcheck $(SCRIPTS)
	clang-tidy --quiet $(SOURCES) -- $(C11) -Ithreaded $(addprefix -I,$(wildcard tutorial/labs/*/))

install: $(SERVERS) ## copy the three servers to $(DESTDIR)$(PREFIX)/bin; uninstall removes them
	install -d -m 755 "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 $(SERVERS) "$(DESTDIR)$(PREFIX)/bin"

uninstall:
	for program in $(notdir $(SERVERS)); do rm -f "$(DESTDIR)$(PREFIX)/bin/$$program"; done

clean: ## remove what was built
	rm -rf bin build

help: ## what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s  %s\n", ($$1 == "all" ? "" : $$1), $$2 } \
	    sub(/^## /, "") { more = more "\n" $$0 } END { print more }' Makefile

.PHONY: all always lab labs handin export handout mutants units demo test check test-all attacks soak report pictures bench lint install uninstall clean help
.SECONDARY:
.DELETE_ON_ERROR:
-include $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d $(BUILD)/*/*/*/*.d)
