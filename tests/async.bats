#!/usr/bin/env bats
# tests/async.bats - what is particular to an event loop.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154

load helpers

SERVER=async

@test "all clients are served by one thread" {
    start_server
    connect 5
    connect 6
    echo who >&5
    hear 5
    first=${line% client *}
    echo who >&6
    hear 6
    [ "${line% client *}" = "$first" ]
}

@test "no thread is started before something is to be computed" {
    start_server -w 2
    ask 'echo x' 'sleep 1' count
    [ "$(stat workers)" -eq 0 ]
    ask 'primes 10'
    [ "$(stat workers)" -eq 1 ]
}

# hold N: connection N goes into the gate; returns once it is inside, with the gate as 4.
hold() {
    connect "$1"
    echo 'hold door' >&"$1"
    exec 4>door.gate
}

@test "-w 1: while one client is in the gate another is answered" {
    start_server --lab -w 1
    mkfifo door.gate
    hold 5
    [ "$(ask 'echo at once')" = 'at once' ]
    [ "$(stat running)" -eq 1 ]
    exec 4>&-
    hear 5
    [ "$line" = 'held door' ]
}

@test "-w 0: while one client is in the gate all others wait" {
    start_server --lab -w 0
    mkfifo door.gate
    hold 5
    connect 6
    echo stats >&6
    silent 6
    exec 4>&-
    hear 6
    [[ $line == *' running=0 '* ]] # what it asked before the gate opened was served after it
    hear 5
    [ "$line" = 'held door' ]
}

@test "-w 2: a third one that computes is queued" {
    start_server --lab -w 2
    mkfifo door.gate
    for i in 1 2 3; do ask 'hold door' 3>&- & done
    until_stat queued 1
    [ "$(stat running)" -eq 2 ]
}

@test "a client that is gone while it computes harms nobody" {
    start_server --lab -w 1
    mkfifo door.gate
    hold 5
    exec 5>&-
    exec 4>&-
    until_quiet
    [ "$(ask 'primes 10')" = 4 ]
}

@test "an idle client holds no buffers; thousands are held and answered" {
    need_proc
    many=10000
    [ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -gt $((many + 100)) ] || many=900
    start_server
    before=$(memory)
    mkfifo input
    "$BIN/load" -p "$port" -c "$many" --idle --tsv 'echo here' <input >held 3>&- &
    exec 4>input
    until grep -q ready held; do kill -0 $!; pause; done
    until_stat clients $((many + 1))
    [[ $BIN == */build/* ]] || [ $(($(memory) - before)) -lt $((many / 2)) ] # half a kilobyte each
    exec 4>&-
    wait $!
    [ "$(tail -n 1 held | cut -f 1-3)" = "$many"$'\t0\t0' ]
}

# examined BACKEND: with 30 idle clients, how many descriptors are examined for 50 requests.
examined() {
    start_server --backend "$1"
    mkfifo "input-$1"
    "$BIN/load" -p "$port" -c 30 --idle 'echo x' <"input-$1" >held 2>&1 3>&- &
    exec 4>"input-$1"
    until grep -q ready held; do kill -0 $!; pause; done
    until_stat clients 31
    connect 5
    echo stats >&5
    hear 5
    before=$line
    for ((i = 0; i < 50; i++)); do
        echo 'echo x' >&5
        hear 5
    done
    echo stats >&5
    hear 5
    wakeups=$(($(figure wakeups "$line") - $(figure wakeups "$before")))
    scanned=$(($(figure scanned "$line") - $(figure scanned "$before")))
    exec 4>&- 5>&-
    stop_server || true
}

# figure NAME STATS
figure() { tr ' ' '\n' <<<"$2" | sed -n "s/^$1=//p"; }

@test "epoll examines one descriptor for each request, poll and select all that are watched" {
    if [[ $("$BIN/async" --help) == *'(epoll)'* ]]; then
        examined epoll
        [ "$wakeups" -eq 51 ]
        [ "$scanned" -eq 51 ]
    fi
    examined poll
    [ "$wakeups" -eq 51 ]
    [ "$scanned" -eq $((51 * (31 + 3))) ] # the clients; the listener and two pipes
    examined select
    [ "$wakeups" -eq 51 ]
    [ $((scanned % 51)) -eq 0 ] # the same each time: all numbers up to the highest
    [ "$scanned" -gt $((51 * (31 + 3))) ]
}

@test "select refuses what it has no bit for, and serves on" {
    need_proc
    [ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -gt 3000 ] || skip "needs more descriptors"
    start_server --backend select
    connect 5
    crowd --tsv -c 1100 -n 1 'sleep 1000' >report || true
    [ "$(cut -f 2 report)" -gt 0 ] # told that the server is busy
    [ "$(cut -f 1 report)" -gt 900 ]
    echo 'echo still here' >&5
    hear 5
    [ "$line" = 'still here' ]
    until_quiet_but 1
}

@test "--slow-callback names who held the loop, and nobody else" {
    start_server --slow-callback 20 -w 0 --lab
    mkfifo door.gate
    hold 5
    silent 5 # which takes longer than the limit
    exec 4>&-
    hear 5
    until_said 'async: client 1 held the loop for [0-9]* ms: hold'
    [ "$(wc -l <err)" -eq 1 ]
}

@test "-n 4: the loops share the count, the limit and the executor" {
    start_server -n 4 -w 2 -m 6
    crowd --tsv -c 40 -n 25 --churn count >report
    [ "$(cut -f 1-3,10 report)" = $'1000\t0\t0\t1000' ]
    [ "$(stat workers)" -eq 0 ]
    crowd --tsv -c 6 -n 10 'primes 1000' >report
    [ "$(cut -f 1-3,10 report)" = $'60\t0\t0\t168' ]
    [ "$(stat workers)" -le 2 ]
}

@test "more loops than --max-clients are refused" {
    refuse_to_start -n 5 -m 4
    [ "$status" -eq 2 ]
    grep -q -e '--loops 5 serves more at a time than --max-clients 4 allows' said
}

@test "a backend that is not there is refused by name" {
    refuse_to_start --backend carrier-pigeon
    [ "$status" -eq 2 ]
    head -n 1 said | grep -q -e "--backend takes .*poll.*, not 'carrier-pigeon'"
}
