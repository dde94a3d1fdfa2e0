#!/usr/bin/env bats
# tests/demo.bats - the demo shows claims with figures and verdicts, and trusts no wrong reply.

load helpers

demo() { OUR_BIN=$PWD/bin "$ROOT/tutorial/tools/demo" "$@"; }

setup() {
    begin_test "$BATS_TEST_TMPDIR"
    mkdir bin scratch
    ln -s "$BIN"/* bin/
    PATH=$PWD/bin:$PATH TMPDIR=$PWD/scratch
}

# stub NAME: a program of the demo becomes the shell script on stdin.
stub() {
    rm -f "bin/$1"
    { echo '#!/bin/sh' && cat; } >"bin/$1"
    chmod +x "bin/$1"
}

@test "a claim has its commands, its figures as bars, and a verdict" {
    demo --claim 6 >out
    like "$(sed -n 2p out)" '^6\. An event loop'
    like "$(sed -n 3p out)" '^   \$ bin/async &$|^   \$ bin/load'
    like "$(cat out)" '[0-9.]+ MB +#+'
    like "$(cat out)" '=> (holds: |cannot be shown here, because )'
    same "$(awk 'length > 100' out)" ''
}

@test "processes that take turns are not said to compute in parallel" {
    stub python3 <<<'exit 1'
    stub forked <<END
case \$* in *private*) exec '$BIN/forked' "\$@" ;; *) exec '$BIN/threaded' -n 1 "\$@" ;; esac
END
    demo --claim 4 >out
    grep -q 'are told: 1 1 1' out # each counts for itself
    like "$(cat out)" '=> (does not hold here: |cannot be shown here, because )'
}

@test "threads without a lock are not said to be slowed by it" {
    stub python3 <<<'exit 1'
    stub threaded <<<"[ \$1 != --gil ] || shift; exec '$BIN/threaded' \"\$@\""
    demo --claim 2 >out
    like "$(cat out)" '=> (does not hold here: |cannot be shown here, because )'
}

@test "a Python without the GIL is called so, and the verdict does not take it for one with it" {
    stub python3 <<END
case \$* in
*sys.executable*) echo "\$0" ;;
*_is_gil_enabled*) exit 0 ;;
*threading_server.py*) shift && exec '$BIN/threaded' "\$@" ;;
esac
END
    demo --claim 2 >out
    grep -q 'threads, CPython, no GIL .* s ' out
    grep -q '=> this python3 is a free-threaded build' out
}

@test "on one core, nothing is said about several" {
    command -v taskset >/dev/null || skip 'needs taskset'
    stub python3 <<<'exit 1'
    for core in {0..1023}; do ! taskset -c "$core" true 2>/dev/null || break; done
    OUR_BIN=$PWD/bin taskset -c "$core" "$ROOT/tutorial/tools/demo" \
        --claim 2 --claim 8 >out
    same "$(grep -c '=> cannot be shown here, because no second core was free' out)" 2
}

@test "a server that does not start ends the demo, and the report" {
    stub async <<<'echo "no such luck" >&2; exit 1'
    run -1 demo --claim 6
    like "$output" 'demo: .*async.* did not start'
    like "$output" 'no such luck'
    OUR_BIN=$PWD/bin run -1 "$ROOT/tutorial/tools/report" --only waiting --output "$PWD/report"
    like "$output" 'report: .*async.* did not start'
    [ ! -e report/report.html ]
}

@test "a wrong reply ends the demo" {
    stub async <<<"exec '$FLOORS/epoll_echo' 0"
    for what in '--claim 8' --table; do
        # shellcheck disable=SC2086
        run -1 demo $what
        like "$output" 'demo: a reply was wrong or missing: bin/load'
        fails like "$output" '=> holds'
    done
}

# start_tool COMMAND...: one of the tools in the background. Its process is $tool.
start_tool() {
    OUR_BIN=$PWD/bin sh -c 'echo $$ >tool && exec bash "$@"' sh "$@" >out 2>&1 3>&- &
    tool=$!
    started+=("$tool")
}

# with_each_tool COMMAND: runs it after the words of each tool that starts servers.
with_each_tool() {
    "$1" "$ROOT/tutorial/tools/demo" --claim 8
    "$1" "$ROOT/tutorial/tools/report" --only waiting --output "$PWD/report"
    "$1" "$ROOT/tests/bench/bench" --quick --only async --measure requests
}

stop_under_load() {
    rm -f loaded
    start_tool "$@"
    until [ -s loaded ]; do pause; done
    processes=$(children_of $tool)
    kill -TERM $tool
    ends_with 143 $tool
    until_gone "$processes"
    same "$(ls scratch)" ''
}

@test "a tool that is stopped while its clients wait ends at once, and leaves nothing" {
    need_children
    stub load <<<"echo \$\$ >'$PWD/loaded'; exec sleep 1000"
    with_each_tool stop_under_load
}

stop_too_early() {
    start_tool "$@"
    ends_with 143 $tool
    same "$(ls scratch)" ''
}

@test "a tool that is stopped as soon as it has a directory leaves nothing" {
    stub mkdir <<<"'$(command -v mkdir)' \"\$@\"; kill -TERM \$(cat '$PWD/tool')"
    with_each_tool stop_too_early
}
