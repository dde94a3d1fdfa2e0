#!/usr/bin/env bats
# tests/stop.bats - a stop: what has arrived is answered, however the signal comes. Each test is run
# with all of $SERVERS at the same time.

load helpers

setup() { test_each_server; }

lost='the thread sanitizer loses a signal that a thread gets while it starts'

# The server leads a process group of its own, as a shell's job does.
start_group() {
    set -m
    start_server "$@"
    set +m
}

# Stops every process of the server in its tracks; go_on continues them. A process that is being
# forked meanwhile could miss one of the two signals.
freeze() {
    case "$BIN $SERVER" in
    *' forked -n 4'*)
        need_children
        until [ "$(children_of "$server" | wc -w)" -eq 4 ]; do pause; done
        ;;
    *' forked'*) ;;
    */thread/*) skip "$lost" ;;
    esac
    kill -STOP -- "-$server"
}
go_on() { kill -CONT -- "-$server"; }

@test "SIGTERM once more at once, as timeout(1) sends it, is no second signal, in Python too" {
    for ((i = 0; i < 3; i++)); do
        start_group
        connect 5
        printf 'echo one\nsleep 200\necho two\n' >&5 # in one segment: all have arrived
        hears 5 one
        kill -TERM "$server"
        kill -TERM -- "-$server"
        hears 5 'slept 200'
        hears 5 two
        hears_end 5
        ends_with 0 "$server"
    done
}

@test "SIGINT to the whole group, as by Ctrl-C: the request in hand is answered" {
    start_group --lab
    hold 5
    kill -INT -- "-$server"
    hears 5 'held door'
    ends_with 0 "$server"
}

@test "clients in the backlog are answered at a stop, a few at a time where few are served" {
    for most in 100 4; do
        start_group -m $most
        freeze
        for client in {20..39}; do
            connect "$client"
            say "$client" "echo $client"
        done
        kill -TERM "$server"
        go_on
        for client in {20..39}; do
            hears "$client" "$client"
            hears_end "$client"
        done
        ends_with 0 "$server"
    done
}

@test "a client that broke off in the backlog hides nobody behind it from a stop" {
    start_without_accept ECONNABORTED:when=1+2
    kill -STOP "$server" # of a pool, the workers go on
    for client in 4 5 6; do
        connect $client
        say $client 'echo x'
    done
    kill -TERM "$server"
    kill -CONT "$server"
    for client in 4 5 6; do hears $client x; done
    ends_with 0 "$server"
}

@test "a stop while it starts ends it well, and the first client is answered" {
    case $SERVER in *' -n 4'*) ;; *) skip 'a pool takes longest to start' ;; esac
    case $BIN in */thread/*) skip "$lost" ;; esac
    many=64
    ! sanitized || many=20 # to start and end them takes its time, and there are five seconds
    read -ra words <<<"${SERVER/-n 4/-n $many}"
    for ((i = 0; i < 5; i++)); do
        launch "${words[@]}"
        connect 5
        say 5 'echo x'
        kill -TERM "$server"
        hears 5 x
        ends_with 0 "$server"
        same "$(cat err)" ''
    done
}

@test "a client that pipelines work keeps nobody from an answer, nor from a stop" {
    start_server
    connect 5
    printf 'primes 1000000\n%.0s' {1..200} >requests
    cat requests >&5 # in one segment
    until_taken 1
    # There was an answer to this before all of the others were taken.
    look requests
    [ "$figure" -lt 150 ]
    exec 5>&-
}

@test "signals that were blocked or ignored when it was started work, in Python too" {
    env --block-signal=TERM true 2>/dev/null || skip 'env cannot block signals here'
    for how in block ignore; do
        launch env "--$how-signal=TERM,ALRM,CHLD" "${command[@]}"
        gives count 1
        case $SERVER in
        *' -n 4'*) ;;
        forked*) until look reaped && [ "$figure" -gt 0 ]; do pause; done ;;
        esac
        stop_server
    done
}

@test "SIGINT that was ignored when it was started stays ignored, in Python too" {
    trap '' INT # as a script does for what it starts in the background
    start_server
    trap - INT
    connect 5
    kill -INT "$server"
    for i in 1 2 3; do same "$(ask "echo $i")" "$i"; done
    say 5 'echo x'
    hears 5 x
    stop_server
}

@test "a second signal ends it as process 1 of a container, too" {
    unshare -rpf --kill-child true 2>/dev/null || skip 'needs unshare, and that it may'
    export TSAN_OPTIONS="$TSAN_OPTIONS:report_thread_leaks=0" # it ends in the middle of them
    launch unshare -rpf --kill-child "${command[@]}"
    connect 5
    say 5 'sleep 60000'
    until_taken 1
    first=$(children_of "$server")
    # shellcheck disable=SC2086
    while kill -TERM $first 2>/dev/null; do pause; done
    ends_with 143 "$server"
}

# A loop that computes without an executor does not even look at the time.
@test "what takes longer than five seconds is cut, and the status is 0" {
    start_server
    connect 5
    say 5 'sleep 60000'
    until_stats waiting=1
    case $SERVER in *'-w 0'*) connect 6 && printf 'primes 10000000\n%.0s' {1..20} >&6 ;; esac
    kill -TERM "$server"
    hears_end 5
    ends_with 0 "$server"
}

@test "a server that was itself stopped for longer than that ends well" {
    [ -n "${OUR_ALL-}" ] || skip 'takes seven seconds: see make test-all'
    start_group
    connect 5
    say 5 'sleep 60000'
    until_stats waiting=1
    kill -TERM "$server"
    kill -STOP -- "-$server"
    read -r -t 7 _ <>"$never" || true
    go_on
    hears_end 5
    ends_with 0 "$server"
}

@test "forked: a child that is told to stop alone is cut as well, and its parent goes on" {
    [ "$program" = forked ] || skip 'there are no children'
    need_proc
    start_server
    connect 5
    who 5
    say 5 'sleep 60000'
    until_stats waiting=1
    kill -TERM "$process"
    before=$(ticks)
    hears_end 5
    [ $(($(ticks) - before)) -lt 250 ] # of the five hundred there are: it does not spin
    gives 'echo x' x
}
