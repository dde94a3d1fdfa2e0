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

@test "a backend that is not there is refused by name" {
    refuse_to_start --backend carrier-pigeon
    [ "$status" -eq 2 ]
    head -n 1 said | grep -q -e "--backend takes .*poll.*, not 'carrier-pigeon'"
}
