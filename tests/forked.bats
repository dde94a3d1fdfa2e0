#!/usr/bin/env bats
# tests/forked.bats - what is particular to processes.

load helpers

SERVER=forked

# sockets_of PROCESS and descriptors_of PROCESS: how many it has.
sockets_of() { find "/proc/$1/fd" -exec readlink {} \; | grep -c socket:; }
descriptors_of() { find "/proc/$1/fd" -type l | wc -l; }

@test "each client is served by a process of its own, which has no descriptor in vain" {
    need_proc
    start_server
    connect 5
    connect 6
    who 5
    first=$process
    who 6
    fails same "$first" "$process"
    fails same "$first" "$server"
    same "$(sockets_of "$process")" 1 # its client's; not the listener, not the other client's
    same "$(descriptors_of "$process")" "$(descriptors_of "$first")"
}

@test "100 short clients: all are reaped, and none is a zombie" {
    need_children
    start_server
    reports '0 100 0 0' --churn -c 10 -n 10 'echo x'
    until [ -z "$(children_of "$server")" ]; do pause; done
    like "$(ask stats)" ' workers=1 reaped=100 crashed=0$'
}

@test "a crash ends one conversation and no other" {
    start_server --lab
    connect 5
    connect 6
    who 5
    say 5 crash
    hears_end 5
    until_said "forked: child $process ended by signal 11 (Segmentation fault)"
    say 6 'echo still here'
    hears 6 'still here'
    like "$(ask stats)" '^clients=2 .* reaped=1 crashed=1$'
}

@test "a child that is killed while it computes, or sleeps, is no longer counted for it" {
    start_server --lab
    mkfifo door.gate
    connect 5
    connect 6
    who 5
    first=$process
    who 6
    say 5 'hold door'
    say 6 'sleep 60000'
    until_stats running=1
    until_stats waiting=1
    kill -KILL "$first" "$process"
    until_stats running=0
    until_stats waiting=0
    until_quiet
}

@test "workers of a pool that crash as fast as they come are replaced, all four" {
    start_server -n 4 --lab
    for ((i = 0; i < 6; i++)); do reports '1 0 0 1' -t 60 crash; done
    until_stats reaped=6
    until_stats workers=4
    same "$(counter crashed)" 6
    for n in 4 5 6; do
        join $n
    done
    same "$(ask 'echo by the fourth')" 'by the fourth'
}

@test "a stop answers the backlog of a pool whose last worker has died, or dies meanwhile" {
    for order in 'KILL TERM' 'TERM KILL'; do
        start_server -n 1
        connect 5
        who 5
        say 5 'sleep 60000'
        connect 6
        say 6 'echo x'
        for signal in $order; do
            case $signal in KILL) kill -KILL "$process" ;; *) kill -TERM "$server" ;; esac
        done
        hears 6 x
        hears_end 6
        ends_with 0 "$server"
    done
}

@test "a child is reaped while clients keep coming" {
    need_proc
    start_server
    connect 5
    who 5
    kill -STOP "$server"
    exec 5>&-
    until [ "$(state_of "$process")" = Z ]; do pause; done
    connect 6
    say 6 stats
    for client in {20..119}; do connect "$client"; done # so there is one for some time
    kill -CONT "$server"
    hear 6
    like "$line" ' reaped=1 '
}

@test "a child of the shell that became the server is neither counted nor reported" {
    need_proc
    mkfifo end
    printf '#!/bin/sh\n(read line <end; exec sh -c "kill -9 \$\$") & echo $! >foreign\n%s' \
        "exec $BIN/forked \"\$@\"" >start
    chmod +x start
    SERVER=$PWD/start start_server
    read -r foreign <foreign
    : >end
    until [ ! -e "/proc/$foreign" ]; do pause; done # it was reaped
    like "$(ask stats)" ' reaped=0 crashed=0$'
    same "$(cat err)" ''
}

@test "a parent that is killed leaves no child" {
    need_children
    for pool in '' '-n 3'; do
        # shellcheck disable=SC2086
        start_server $pool
        join 5
        children=$(children_of "$server")
        fails same "$children" ''
        kill -KILL "$server"
        ends_with 137 "$server"
        hears_end 5
        until_gone "$children"
    done
}

# A client that counts, one request at a time, and connects again whenever its process is killed.
count_until_enough() { # NUMBER
    exec 3>&- 2>/dev/null >"numbers.$1"
    trap - DEBUG # the one of Bats costs time
    trap '' PIPE
    until [ -e enough ]; do
        exec 8<>"/dev/tcp/127.0.0.1/$port"
        while echo count >&8 && read -r line <&8 && echo "$line" && [ ! -e enough ]; do :; done
    done
}

# Eight clients count while their processes are killed at random, throughout.
kill_at_random() { # TALLY
    local clients=() children killed=0 before
    start_server --tally "$1"
    before=$(descriptors_of "$server")
    rm -f enough
    for i in {1..8}; do
        count_until_enough "$i" &
        clients+=($!)
    done
    started+=("${clients[@]}")
    until [ "$(cat numbers.* | wc -l)" -ge "1${OUR_ALL:+0}0000" ]; do
        read -ra children <<<"$(children_of "$server")"
        [ ${#children[@]} -eq 0 ] || kill -KILL "${children[RANDOM % ${#children[@]}]}" || true
        killed=$((killed + 1))
    done
    : >enough
    wait "${clients[@]}"
    until_quiet
    until [ -z "$(children_of "$server")" ]; do pause; done
    same "$(descriptors_of "$server")" "$before"
    # At most the number that a killed child had read already is missing.
    sort -n numbers.* >numbers
    same "$(uniq -d numbers)" ''
    missing=$(($(tail -n 1 numbers) - $(wc -l <numbers)))
    [ "$missing" -le "$killed" ] || { echo "$killed killed, $missing missing"; return 1; }
    stop_server
}

@test "children killed at random, at any instant: no number comes twice, none is missing" {
    need_children
    kill_at_random pipe
    kill_at_random shared
}
