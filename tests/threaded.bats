#!/usr/bin/env bats
# tests/threaded.bats - what is particular to threads.

load helpers

SERVER=threaded

@test "all clients are served by one process, each by a thread of its own, which ends with it" {
    start_server
    connect 5
    connect 6
    who 5
    same "$process" "$server"
    first=$thread
    who 6
    same "$process" "$server"
    fails same "$first" "$thread"
    exec 5>&- 6>&-
    until_stats workers=1 # which says so
}

@test "with the GIL one computes and three wait" {
    start_server --lab --gil
    mkfifo door.gate
    begin held crowd -c 4 'hold door'
    until_stats waiting=3
    same "$(counter running)" 1
}

# long_and_short: how many compute, or wait for the lock, when the short one has been answered; into
# $others. The server itself answers both requests, so it does not matter how late this test is.
long_and_short() {
    connect 5
    connect 6
    say 5 'primes 10000000'
    until_stats running=1
    printf 'primes 1000\nstats\n' >&6
    hears 6 168
    hear 6
    pick running "$line"
    others=$figure
    pick waiting "$line"
    others=$((others + figure))
    exec 5>&- 6>&-
}

@test "with the GIL a long computation holds up no short one" {
    start_server --gil
    for _ in 1 2 3; do # again if the long one had ended before the short one began
        long_and_short
        [ $others -eq 0 ] || break
        until_quiet
    done
    same "$others" 1
}

@test "--tally mutex and atomic: nobody can be between the read and the write" {
    for tally in mutex atomic; do
        start_server --tally "$tally" --lab
        mkfifo tally.gate
        same "$(ask count count)" $'1\n2'
        rm tally.gate
        stop_server
    done
}

@test "clients for whom there is no thread wait, and a stop answers all of them" {
    need_proc
    ! sanitized || skip 'a sanitizer reserves memory without end'
    start_server
    size=$(sed -n 's/^VmSize:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$server/status")
    end_server
    kilobytes=$((size + 1000)) start_server # a stack takes 260
    for client in {20..39}; do
        connect "$client"
        say "$client" "echo $client"
    done
    until_said 'pthread_create: '
    kill -TERM "$server"
    for client in {20..39}; do hears "$client" "$client"; done
    ends_with 0 "$server"
}
