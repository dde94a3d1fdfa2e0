#!/usr/bin/env bats
# tests/async.bats - what is particular to an event loop.

load helpers

SERVER=async

@test "all clients are served by one thread" {
    start_server
    connect 5
    connect 6
    who 5
    first="$process $thread"
    who 6
    same "$process $thread" "$first"
}

@test "no thread is started before something is to be computed" {
    start_server -w 2
    ask 'echo x' 'sleep 1' count
    same "$(counter workers)" 0
    ask 'primes 10'
    same "$(counter workers)" 1
}

@test "-w 1: while one client is in the gate another is answered, and it may leave" {
    start_server --lab -w 1
    hold 5
    same "$(ask 'echo at once')" 'at once'
    same "$(counter running)" 1
    exec 5>&-
    exec 4>&-
    until_quiet
    same "$(ask 'primes 10')" 4
}

@test "-w 0: while one client is in the gate all others wait" {
    start_server --lab -w 0
    hold 5
    connect 6
    say 6 stats
    fails read -r -t 1 -u 6
    exec 4>&-
    hear 6
    like "$line" ' running=0 ' # served after the gate was opened
    hears 5 'held door'
}

@test "-w 2: a third one that computes is queued" {
    start_server --lab -w 2
    mkfifo door.gate
    begin held crowd -c 3 'hold door'
    until_stats queued=1
    same "$(counter running) $(counter workers)" '2 2'
}

@test "a connection that breaks ends its sleep" {
    local backend
    for backend in epoll kqueue poll; do
        "$BIN/async" --backend '?' 2>&1 | grep -qw "$backend" || continue # not everywhere
        launch async --backend "$backend"
        connect 5
        printf 'echo unread\nsleep 60000\n' >&5
        until_stats waiting=1
        say 5 'echo more' # it will not be read in the sleep, so reading is not watched for
        until_stats waiting=1
        exec 5>&- # with a reply unread, so this is a reset
        give_up=$((SECONDS + 50)) # before the sleep is over
        until_stats waiting=0
        stop_server
    done
}

# figures: those of connection 5 so far.
figures() {
    say 5 stats
    hear 5
    pick wakeups "$line"
    wakeups=$figure
    pick scanned "$line"
    scanned=$figure
}

# examined BACKEND: with 30 idle clients, how many descriptors are examined for 50 requests.
examined() {
    start_server --backend "$1"
    hold_clients 30 'echo x'
    until_stats clients=31
    connect 5
    figures
    set -- "$wakeups" "$scanned"
    for ((i = 0; i < 50; i++)); do
        say 5 'echo x'
        hears 5 x
    done
    figures
    wakeups=$((wakeups - $1))
    scanned=$((scanned - $2))
    exec 5>&-
    let_ask 30
    stop_server
}

# own_backend: the one that is not POSIX, which a system that has it prefers; fails if it has none.
own_backend() {
    own=$("$BIN/async" --help | sed -n 's/.*descriptors are ready (\(.*\))/\1/p')
    [ "$own" != poll ]
}

@test "epoll and kqueue examine one descriptor a request, poll and select all that are watched" {
    if own_backend; then
        examined "$own"
        same "$wakeups" 51
        same "$scanned" 51
    fi
    examined poll
    same "$wakeups" 51
    same "$scanned" $((51 * (31 + 3))) # the clients; the listener and two pipes
    examined select
    same "$wakeups" 51
    [ $((scanned % 51)) -eq 0 ] # the same each time: all numbers up to the highest
    [ "$scanned" -gt $((51 * (31 + 3))) ]
}

@test "select refuses what it has no bit for, and serves on" {
    need_proc
    [ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -gt 3000 ] || skip "needs more descriptors"
    start_server --backend select
    join 5
    hold_clients 1100 'echo x'
    connect 6 # behind all of them
    hears 6 'error: server busy'
    hears_end 6
    exec 7>&-
    ends_with 1 "$holder"
    read -r replies wrong _ <<<"$(tail -n 1 held)"
    [ "$wrong" -gt 0 ] # told that the server is busy
    [ "$replies" -gt 900 ]
    say 5 'echo still here'
    hears 5 'still here'
    until_stats clients=2
}

@test "--slow-callback names who held the loop, and nobody else" {
    start_server --slow-callback 20 -w 0 --lab
    hold 5
    fails read -r -t 1 -u 5 # which is longer than the limit
    exec 4>&-
    hears 5 'held door'
    until_said 'async: client 1 held the loop for [0-9]* ms: hold'
    same "$(grep -c hold err)" 1
    end_server

    start_server --slow-callback 60000 -w 0
    same "$(ask 'echo x' 'primes 1000' 'sleep 10')" $'x\n168\nslept 10'
    same "$(cat err)" ''
}

@test "a loop says what the kernel refuses, and ends" {
    command -v prlimit >/dev/null || skip 'needs prlimit'
    ! sanitized || skip 'a sanitizer needs descriptors at the end'
    start_server --backend poll
    prlimit --pid "$server" --nofile=2: # fewer than it watches, which poll calls invalid
    connect 5 || true
    until_said 'async: poll: '
    ends_with 1 "$server"
}

@test "where there are too few descriptors for its loops, it does not say that it listens" {
    ! sanitized || skip 'a sanitizer needs descriptors at the end'
    status=0
    (ulimit -n 20 && exec "$BIN/async" -n 8 -p 0 >printed 2>said 3>&-) || status=$?
    same "$status, $(cat printed)" '1, '
}

@test "-n 4: the loops share the count, the limit and the executor" {
    start_server -n 4 -w 2 -m 6
    reports '0 1000 0 0' -c 40 -n 25 --churn count
    same "$(cut -f 10 report)" 1000
    [ "$(counter workers)" -eq 0 ]
    reports '0 60 0 0' -c 6 -n 10 'primes 1000'
    [ "$(counter workers)" -le 2 ]
}

@test "idle clients hold no buffers: thousands are held and answered, with any backend" {
    need_children
    many=10000 # or as many as there may be
    limit=$(ulimit -Hn)
    [ "$limit" = unlimited ] || [ "$limit" -gt $((many + 100)) ] || many=$((limit - 100))
    [ "$many" -ge 900 ] || skip 'needs a thousand descriptors'
    for backend in poll $(own_backend && echo "$own"); do
        start_server --backend "$backend"
        before=$(memory)
        hold_clients "$many" 'echo here'
        until_stats clients=$((many + 1))
        small_memory $((before + many / 2)) # half a kilobyte each
        let_ask "$many"
        stop_server
    done
}

@test "the executor has no more threads than cores that it may use" {
    own_backend || skip 'plain POSIX knows only of the cores that there are'
    core=$(taskset -pc $$ | sed 's/.*[:,-] *//') && taskset -pc "$core" "$BASHPID" ||
        skip 'needs taskset'
    launch async
    crowd -c 8 'primes 100000' >report
    same "$(counter workers)" 1
}
