#!/usr/bin/env bats
# tests/floors.bats - the floors of tests/bench/bench, and how bin/load checks a plain byte echo.

load helpers

# start_floor NAME [POOL]: sets $server and $port, as start_server does for a server.
start_floor() {
    "$FLOORS/$1" 0 "${@:2}" >out 2>err 3>&- &
    server=$!
    until grep -q '^listening on 127.0.0.1:' out; do
        kill -0 "$server"
        pause
    done
    port=$(sed 's/.*://' out)
}

# Those of a pool would go on without their parent.
teardown() {
    # shellcheck disable=SC2046
    kill $(children_of "$server") "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
}

gives_back() {
    start_floor "$@"
    crowd --raw -c 20 -n 50 -P 5 'echo hello'
    crowd --raw -c 8 -n 5 --churn ''
}

@test "the epoll echo gives every byte back" { gives_back epoll_echo; }

@test "the io_uring echo gives every byte back" {
    [ -x "$FLOORS/uring_echo" ] || skip 'the headers do not know io_uring'
    start_floor thread_echo
    "$FLOORS/uring_echo" "$port" 2>err || true # that port is taken, which comes after the ring
    grep -q '^listen:' err || skip "$(cat err)"
    kill "$server"
    gives_back uring_echo
    crowd --raw -c 200 -n 2 -P 2 "echo $(x 8000)" # more than a buffer holds, and than there are
}

@test "the thread echo gives every byte back" { gives_back thread_echo; }

@test "a pool of threads gives every byte back" { gives_back thread_echo 8; }

@test "the fork echo gives every byte back, and collects its children" {
    gives_back fork_echo
    until [ -z "$(children_of "$server")" ]; do pause; done
}

@test "a pool of processes gives every byte back" { gives_back fork_echo 8; }

@test "without --raw, load finds the whole line a wrong reply" {
    start_floor epoll_echo
    run -1 crowd --tsv 'echo hello'
    [ "$(cut -f 1-3 <<<"$output")" = $'1\t1\t0' ]
}

@test "with --raw, load finds the text alone a wrong reply" {
    launch threaded
    run -1 crowd --tsv --raw 'echo hello'
    [ "$(cut -f 1-3 <<<"$output")" = $'1\t1\t0' ]
}

@test "load --raw takes no line that a server would refuse" {
    run -2 "$BIN/load" --raw "$(printf '%8192s' '')"
    [ "${lines[0]}" = 'load: --raw takes a REQUEST shorter than 8192 bytes' ]
}

@test "bench knows a mistake on its command line" {
    run -2 "$ROOT/tests/bench/bench" --only everything
    [ "${lines[0]}" = 'bench: --only takes one of: threaded forked async' ]
    run -2 "$ROOT/tests/bench/bench" --rounds 0
    run -2 "$ROOT/tests/bench/bench" --with "$PWD"
    [ "${lines[0]}" = "bench: --with: there is no server in '$PWD'" ]
}

@test "bench compares medians to the floor, to the goal, and to another build" {
    all='requests,idle'
    printf '%s\n' "async	epoll floor	$all	x" "async	async	requests>=0.95,idle<=200	x" \
        "async	async, old	requests:async,idle:async	x" >rows
    printf '%s\n' 'async	cpu1	10' 'async	cpu10	8' 'async	cpu100	8' >grown
    run -0 awk -F '\t' -v many=100 -v measures=growth -f "$ROOT/tests/bench/bench.awk" rows grown
    like "${lines[2]}" '^  async +10 +8 +8$'
    printf '%s\n' 'epoll floor	requests	100' 'async	requests	80' 'async	requests	99' \
        'async	requests	90' 'async, old	requests	45' 'async	idle	180' >results
    run -0 awk -F '\t' -v measures='requests idle' -f "$ROOT/tests/bench/bench.awk" rows results
    like "${lines[3]}" '^  async +90 +0.90   >=0.95 missed$'
    like "${lines[4]}" '^  async, old +45 +0.45   async is 2.00 of it$'
    like "${lines[7]}" '^  async +180 +-   <=200 ok$'
}
