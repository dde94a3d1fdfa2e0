#!/usr/bin/env bats
# tests/threaded.bats - what is particular to threads.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154

load helpers

SERVER=threaded

@test "all clients are served by one process, each by a thread of its own" {
    start_server
    connect 5
    connect 6
    echo who >&5
    hear 5
    read -r _ process _ thread _ <<<"$line"
    echo who >&6
    hear 6
    [[ $line == "process $process thread "* ]]
    [[ $line != *"thread $thread "* ]]
    [ "$process" -eq "$server" ]
}

@test "-n 1 serves one after the other" {
    start_server -n 1
    connect 5
    connect 6
    echo 'echo second' >&6
    echo 'count' >&5
    hear 5
    [ "$line" = 1 ]
    echo 'count' >&6
    silent 6
    exec 5>&-
    hear 6
    [ "$line" = second ]
}

@test "a pool larger than --max-clients is refused" {
    refuse_to_start -n 5 -m 4
    [ "$status" -eq 2 ]
    grep -q -e '--threads 5 serves more at a time than --max-clients 4 allows' said
}

# four_in_a_gate OPTION...
four_in_a_gate() {
    start_server --lab "$@"
    mkfifo door.gate
    for i in 1 2 3 4; do ask 'hold door' >held.$i 3>&- & done
}

@test "without the GIL four compute at a time" {
    four_in_a_gate
    until_stat running 4
    [ "$(stat waiting)" -eq 0 ]
}

@test "with the GIL one computes and three wait" {
    four_in_a_gate --gil
    until_stat waiting 3
    [ "$(stat running)" -eq 1 ]
}

@test "with the GIL all sleep at a time" {
    start_server --gil
    for i in 1 2 3 4; do ask 'sleep 60000' 3>&- & done
    until_stat waiting 4
}

@test "with the GIL a long computation holds up no short one" {
    start_server --gil
    connect 5
    echo 'primes 10000000' >&5
    until_stat running 1
    [ "$(ask 'primes 1000')" = 168 ]
    [ "$(stat running)" -eq 1 ] # the long one is still at it
}

@test "with the GIL the primes of many are right" {
    start_server --gil
    crowd --tsv -c 8 -n 3 'primes 20000' >report
    [ "$(cut -f 1-3,10 report)" = $'24\t0\t0\t2262' ]
}

@test "--tally mutex and atomic: 8 x 1000 is 8000" {
    for tally in mutex atomic; do
        start_server --tally "$tally"
        crowd --tsv -c 8 -n 1000 count >report
        [ "$(cut -f 1-3,10 report)" = $'8000\t0\t0\t8000' ]
        stop_server
    done
}

@test "--tally none: two clients between the read and the write both get 1" {
    start_server --tally none --lab
    mkfifo tally.gate
    connect 5
    connect 6
    echo count >&5
    echo count >&6
    until_stat waiting 2
    exec 4>tally.gate 4>&-
    hear 5 && [ "$line" = 1 ]
    hear 6 && [ "$line" = 1 ]
}

@test "--tally atomic: nobody can be between the read and the write" {
    start_server --tally atomic --lab
    mkfifo tally.gate
    [ "$(ask count)" = 1 ]
    [ "$(ask count)" = 2 ]
}

@test "a crash ends the whole server" {
    start_server --lab
    connect 5
    echo 'echo here' >&5
    hear 5
    fails ask crash
    fails hear 5
    status=0
    wait "$server" || status=$?
    server=''
    [ "$status" -eq 139 ] # 128 and SIGSEGV
}
