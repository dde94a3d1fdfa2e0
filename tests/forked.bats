#!/usr/bin/env bats
# tests/forked.bats - what is particular to processes.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154

load helpers

SERVER=forked

# process_of N: which process serves connection N; into $process.
process_of() {
    echo who >&"$1"
    hear "$1"
    read -r _ process _ <<<"$line"
}

@test "each client is served by a process of its own" {
    start_server
    connect 5
    connect 6
    process_of 5
    first=$process
    process_of 6
    [ "$first" -ne "$process" ]
    [ "$first" -ne "$server" ]
}

@test "500 short clients: all are reaped, and none is a zombie" {
    need_proc
    start_server
    crowd --tsv --churn -c 10 -n 50 'echo x' >report
    [ "$(cut -f 1-3 report)" = $'500\t0\t0' ]
    until [ -z "$(children_of "$server")" ]; do pause; done
    [ "$(stat reaped)" -ge 500 ]
    [ "$(stat crashed)" -eq 0 ]
}

@test "a child that is killed is named with its signal, counted, and nobody else notices" {
    start_server
    connect 5
    connect 6
    process_of 5
    kill -KILL "$process"
    fails hear 5
    until_said "child $process ended by signal 9 (Killed)"
    echo 'echo still here' >&6
    hear 6
    [ "$line" = 'still here' ]
    [ "$(stat crashed)" -eq 1 ]
    exec 5>&- 6>&-
    until_quiet
}

@test "a crash ends one conversation and no other; in threaded it ends all" {
    start_server --lab
    connect 5
    connect 6
    process_of 5
    echo crash >&5
    fails hear 5
    until_said "child $process ended by signal 11 (Segmentation fault)"
    echo 'echo still here' >&6
    hear 6
    [ "$line" = 'still here' ]
    [ "$(stat crashed)" -eq 1 ]
    stop_server

    SERVER=threaded start_server --lab
    connect 5
    connect 6
    echo crash >&5
    fails hear 5
    fails hear 6
    wait "$server" || server=''
    [ -z "$server" ]
}

@test "a signal to one child is no matter for its parent" {
    need_proc
    start_server
    connect 5
    process_of 5
    kill -TERM "$process"
    fails hear 5
    until_quiet
    before=$(ticks)
    ask 'sleep 500'
    [ $(($(ticks) - before)) -lt 25 ] # it does not spin
}

@test "a worker of a pool that is killed is replaced" {
    start_server -n 2
    until_stat workers 2
    connect 5
    process_of 5
    kill -KILL "$process"
    until_said "child $process ended by signal 9"
    until_stat reaped 1
    until_stat workers 2
    connect 6
    echo 'echo served' >&6
    hear 6
    [ "$line" = served ]
}

@test "a parent that is killed leaves no child" {
    need_proc
    for pool in '' '-n 3'; do
        # shellcheck disable=SC2086
        start_server $pool
        connect 5
        echo 'echo x' >&5
        hear 5
        children=$(children_of "$server")
        [ -n "$children" ]
        kill -KILL "$server"
        wait "$server" || true
        for child in $children; do until [[ $(state_of "$child") =~ ^Z?$ ]]; do pause; done; done
    done
}

@test "a child holds no descriptor that it does not need" {
    need_proc
    start_server
    connect 5
    connect 6
    process_of 5
    first=$process
    process_of 6
    ls -l "/proc/$process/fd" >held
    [ "$(grep -c socket: held)" -eq 1 ] # its client; not the listener, not the other client
    [ "$(find "/proc/$process/fd" -type l | wc -l)" -eq "$(find "/proc/$first/fd" -type l | wc -l)" ]
}

@test "--tally private: three clients that count all get 1" {
    start_server --tally private
    for i in 1 2 3; do [ "$(ask count)" = 1 ]; done
}

@test "--tally pipe and shared: 8 x 1000 is 8000" {
    for tally in pipe shared; do
        for pool in '' '-n 4'; do
            # shellcheck disable=SC2086
            start_server --tally "$tally" $pool
            crowd --tsv -c 8 -n 1000 count >report
            [ "$(cut -f 1-3,10 report)" = $'8000\t0\t0\t8000' ]
            stop_server
        done
    done
}

# kill_while_it_counts: a client that does nothing but count, whose process is killed.
kill_while_it_counts() {
    connect 5
    process_of 5
    { while echo count; do :; done >&5; } 2>/dev/null 3>&- 4>&- &
    hear 5
    kill -KILL "$process"
    exec 5>&-
    wait $! || true
}

@test "children killed at any instant neither stop nor falsify the count" {
    for tally in pipe shared; do
        start_server --tally "$tally"
        # Others count all the while: no number may come twice, and none be missing to them.
        crowd --tsv -c 8 -n 2000 count >report 3>&- &
        counting=$!
        for ((i = 0; i < 40; i++)); do kill_while_it_counts; done
        wait $counting
        [ "$(cut -f 1-3 report)" = $'16000\t0\t0' ]
        next=$(ask count)
        crowd --tsv -c 8 -n 200 count >report
        [ "$(cut -f 1-3,10 report)" = $'1600\t0\t0\t'"$((next + 1600))" ]
        stop_server
    done
}

@test "a pool larger than --max-clients is refused" {
    refuse_to_start -n 5 -m 4
    [ "$status" -eq 2 ]
    grep -q -e '--processes 5 serves more at a time than --max-clients 4 allows' said
}
