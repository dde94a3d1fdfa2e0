#!/usr/bin/env bats
# tests/floors.bats - the floors of tests/bench/bench, and how bin/load checks a plain byte echo.

load helpers

start_floor() { start_other "$FLOORS/$1" 0 "${@:2}"; } # NAME [POOL]

# Those of a pool would go on without their parent.
end_floor() {
    # shellcheck disable=SC2046
    kill $(children_of "$server") "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
}
teardown() { end_floor; }

gives_back() {
    start_floor "$@"
    crowd --raw -c 20 -n 50 -P 5 'echo hello'
    crowd --raw -c 8 -n 5 --churn ''
}

@test "epoll, a thread each, and pools of threads and of processes give every byte back" {
    for floor in epoll_echo thread_echo 'thread_echo 8' 'fork_echo 8'; do
        # shellcheck disable=SC2086
        gives_back $floor
        end_floor
    done
}

@test "a process each gives every byte back, and is collected" {
    gives_back fork_echo
    until [ -z "$(children_of "$server")" ]; do pause; done
}

@test "io_uring gives every byte back" {
    [ -x "$FLOORS/uring_echo" ] || skip 'the headers do not know io_uring'
    start_floor thread_echo
    "$FLOORS/uring_echo" "$port" 2>err || true # that port is taken, which comes after the ring
    grep -q '^listen:' err || skip "$(cat err)"
    end_floor
    gives_back uring_echo
    crowd --raw -c 200 -n 2 -P 2 "echo $(x 8000)" # more than a buffer holds, and than there are
}

@test "load --raw takes a line itself for its reply, and none that a server would refuse" {
    start_floor epoll_echo
    reports '1 1 1 0' 'echo hello'
    end_floor
    launch threaded
    reports '1 1 1 0' --raw 'echo hello'
    run -2 "$BIN/load" --raw "$(printf '%8192s' '')"
    same "${lines[0]}" 'load: --raw takes a REQUEST shorter than 8192 bytes'
}

@test "bench compares medians to the floor, to the goal, and to another build" {
    all='requests,idle'
    printf '%s\n' "async	epoll floor	$all	x" \
        "async	async	requests>=0.95,requests-cpu<=1.05,idle<=200	x" \
        "async	async, old	requests:async,idle:async	x" >rows
    printf '%s\n' 'async	cpu1	10' 'async	cpu10	8' 'async	cpu100	8' >grown
    run -0 awk -F '\t' -v many=100 -v measures=growth -f "$ROOT/tests/bench/bench.awk" rows grown
    like "${lines[2]}" '^  async +10 +8 +8$'
    printf '%s\n' 'epoll floor	requests	100' 'async	requests	80' 'async	requests	99' \
        'async	requests	90' 'async, old	requests	45' 'async	idle	180' \
        'epoll floor	requests-cpu	10' 'async	requests-cpu	11' >results
    run -0 awk -F '\t' -v measures='requests idle' -f "$ROOT/tests/bench/bench.awk" rows results
    like "${lines[3]}" '^  async +90 +0.90   >=0.95 missed$'
    like "${lines[4]}" '^  async, old +45 +0.45   async is 2.00 of it$'
    like "${lines[8]}" '^  async +11 +1.10   <=1.05 missed$'
    like "${lines[11]}" '^  async +180 +-   <=200 ok$'
}
