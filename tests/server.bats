#!/usr/bin/env bats
# tests/server.bats - how each server behaves, and goes on behaving under trouble. Each test is run
# with all of $SERVERS at the same time; a difference between the models is a failing test.

load helpers

setup() { test_each_server; }

served() { gives 'echo served' served; }

# ---- What it counts ----

@test "stats count exactly" {
    start_server
    printf 'echo a\nnope\nsleep 0\nprimes 10\n\nsleep x\n' | ask >replies
    fails ask 'echo a' nope quit 'echo b'
    request stats
    like "$reply" ' accepted=3 requests=10 errors=4 running=0 waiting=0 '
    until_quiet
}

@test "clients that sleep do so side by side, as many as are served, and stats tell" {
    start_server
    case $SERVER in *' -n 4'*) many=3 ;; *) many=40 ;; esac
    begin report crowd -c $many 'sleep 60000'
    until_stats waiting=$many
    until_stats clients=$((many + 1))
}

# ---- What is asked at once ----

@test "what is ready is sent before a request that sleeps, or is in a gate" {
    start_server --lab
    mkfifo door.gate
    connect 5
    printf 'count\necho a\nsleep 60000\n' >&5
    hears 5 1
    hears 5 a
    connect 6
    printf 'echo b\nhold door\n' >&6
    hears 6 b
    exec 4>door.gate # returns once it is inside
    exec 4>&-
    hears 6 'held door'
}

@test "who has left is not served on" {
    start_server
    for verb in 'sleep 200' 'primes 100000'; do
        connect 5
        for _ in {1..1000}; do echo "$verb"; done >&5
        exec 5>&-
        until_stats clients=1
        # Each look at the counters is a client and a request, too.
        [[ $reply =~ accepted=([0-9]+)' 'requests=([0-9]+) ]]
        [ $((BASH_REMATCH[2] - BASH_REMATCH[1])) -lt 500 ]
    done
}

@test "a pool of one: an idle client gives up its turn when another waits, in lines too" {
    case $SERVER in async* | *' -n 4'*) skip 'not a pool of handlers' ;; esac
    start_server -n 1 -t 0
    connect 5
    join 6
    hears_end 5
    join 5
    hears_end 6
}

# ---- Limits ----

@test "60 clients where there are descriptors for fewer: nothing spins, and all are served" {
    case $SERVER in *' -n 4'*) skip 'a pool of 4 serves 4 at a time' ;; esac
    need_proc
    (ulimit -n 32) || skip 'cannot lower the limit'
    descriptors=32 start_server
    join 5
    hold_clients 60 'echo here'
    before=$(ticks)
    say 5 'sleep 1000'
    hears 5 'slept 1000'
    [ $(($(ticks) - before)) -lt 50 ] # of the hundred that there are in a second
    exec 5>&-
    let_ask 60
    until_quiet
}

@test "an accept that fails for good is told, does not spin, and prevents no stop, in Python too" {
    start_without_accept EPERM
    connect 5
    until_said 'accept: *accept: *accept: '
    # Each of four may try ten times in a second; they warn together, and once.
    awk -v warnings="$(grep -c 'accept: ' err)" '
        /INJECTED/ { tries++; seconds += !seen[$2]++ }
        END { exit !(tries <= 50 * seconds && warnings <= 2 * seconds + 2) }' calls
    stop_server
}

@test "-m 2: a third client waits and is served when one leaves" {
    case $SERVER in *' -n 4'*) skip 'a pool of 4 needs more' ;; esac
    start_server -m 2
    join 4
    join 5
    connect 6
    say 6 count
    say 4 'sleep 200'
    hears 4 'slept 200'
    say 4 count
    hears 4 1 # so the third has not counted
    exec 4>&-
    hears 6 2
}

@test "-t 1: who says nothing, or stops in a line, is let go; who sleeps or asks stays" {
    start_server -t 1
    connect 4
    printf 'sleep 1500\necho still here\n' >&4 # at once, for this test itself may be late
    connect 5
    printf 'sleep 400\nsleep 400\nsleep 400\necho here too\n' >&5
    connect 6
    hears_end 6
    connect 6
    printf 'echo unfin' >&6
    hears 4 'slept 1500'
    hears 4 'still here'
    for _ in 1 2 3; do hears 5 'slept 400'; done
    hears 5 'here too'
    hears_end 6
    until_quiet
}

# ---- The end ----

@test "SIGINT closes the connections of idle clients, ends it, and its port is free at once" {
    # Somebody else on this machine may be given the port in between: then try again.
    for try in 1 2 3 4 5; do
        start_server
        connect 4
        join 5
        printf 'echo half' >&5
        until_stats clients=3
        kill -INT "$server"
        hears_end 4
        hears_end 5
        ends_with 0 "$server"
        "${command[@]}" -p "$port" >again 2>err 3>&- 4>&- 5>&- &
        server=$!
        until [ -s again ]; do alive "$server" || continue 2; pause; done
        break
    done
    printf 'listening on 127.0.0.1:%s\n' "$port" | cmp - again
}

@test "SIGTERM when nobody is there, or many have been, leaves nothing to say and no child" {
    start_server
    stop_server
    start_server
    crowd --churn -c 10 -n 2 'echo x' >report
    children=$(children_of "$server" 2>/dev/null) || children=''
    stop_server
    same "$(cat err)" ''
    until_gone "$children"
}

@test "a second signal ends it at once, and its children too" {
    start_server
    connect 5
    connect 6
    say 5 'sleep 60000'
    until_taken 1
    children=$(children_of "$server" 2>/dev/null) || children=''
    kill -TERM "$server"
    hears_end 6 # closed, so the server has begun to stop
    # What comes within half a second is taken for the first signal, sent to the group as well.
    while kill -TERM "$server" 2>/dev/null; do pause; done
    ends_with 143 "$server" # 128 and SIGTERM
    until_gone "$children"
}

# ---- When it cannot start ----

# cannot_start PATTERN OPTION...: status 1 and one sentence on stderr.
cannot_start() {
    refuses "$program" -p 0 "${@:2}"
    same "$status" 1
    like "$(cat said)" "^$program: $1[^"$'\n'']*$'
    [ ! -s printed ]
}

@test "an address or a port that cannot be had is one sentence and status 1" {
    start_server
    cannot_start "cannot listen on 127.0.0.1 port $port: Address.*in use" -p "$port"
    cannot_start 'cannot listen on 192.0.2.1 port 0: ' -a 192.0.2.1
    cannot_start 'no such name: ' -a 'no such name'
    cannot_start 'missing/port: No such file or directory' --port-file missing/port
    served
}

@test "a port file that is a pipe, or a link to one, is written to, and stays one, in Python too" {
    mkfifo pipe
    ln -s pipe link
    for file in pipe link; do
        "${command[@]}" -p 0 --port-file $file >out 2>err 3>&- &
        server=$!
        read -r port <pipe
        gives 'echo x' x
        [ -p $file ]
        stop_server
    done
    [ -L link ]
}

@test "a port file is never written through a symbolic link" {
    echo mine >victim
    # The draft has the process ID in its name, which is known once there is a process.
    sh -c 'ln -s victim "port.$$" && exec "$@"' sh "$BIN/$program" -p 0 --port-file port \
        >out 2>err 3>&- &
    server=$!
    until [ -s port ]; do alive "$server" || break; pause; done
    same "$(cat victim)" mine
    [ ! -L port ]
}

# ---- What it says ----

@test "with stdout and stderr closed, or a full disk under them, it serves as ever" {
    closed=yes start_server -v
    served
    stop_server
    [ -w /dev/full ] || skip 'needs /dev/full'
    out=/dev/full err=/dev/full start_server -v
    served
    stop_server
}

@test "when nobody reads its stderr it serves as ever" {
    mkfifo pipe
    exec 6<>pipe
    x 65000 >&6 # of the 65536 bytes that a pipe holds
    err=pipe start_server -v
    crowd --churn -c 10 -n 2 'echo x' >report # and these are 40 lines
    served
}

@test "-v says who comes and goes" {
    start_server -v
    served
    until_said 'client 1 came'
    until_said 'client 1 left'
}

@test "on a loopback address, however it is written, HTTP is answered under no foreign name" {
    for address in ::1 0:0:0:0:0:0:0:1 ::ffff:127.0.0.1 127.0.0.2 127.1 localhost :: 0.0.0.0; do
        start_server -a "$address" 2>/dev/null || continue # not every system has each
        exec 5<>"/dev/tcp/$address/$port"
        say 5 $'GET /stats HTTP/1.1\r\nHost: evil.example\r\n\r'
        hear 5
        case $address in
        :: | 0.0.0.0) same "$line" $'HTTP/1.1 200 OK\r' ;;
        *) like "$line" '^HTTP/1.1 421 ' ;;
        esac
        end_server
    done
    start_server -a ::1 2>/dev/null || skip 'there is no IPv6 here'
    until_lines 1 out # it writes the port file first
    same "$(cat out)" "listening on [::1]:$port"
    same "$(ask -a ::1 'echo six')" six
}

# ---- Gates ----

@test "--lab: two clients in a gate, let out one by one" {
    case $SERVER in
    *--gil*) skip 'one thread computes at a time' ;;
    *'-w 0'*) skip 'the loop itself is in the gate, and can tell nothing' ;;
    async*) [ "$(getconf _NPROCESSORS_ONLN)" -gt 1 ] || skip 'needs two threads that compute' ;;
    esac
    start_server --lab
    mkfifo door.gate
    connect 5
    connect 6
    say 5 'hold door'
    say 6 'hold door'
    until_stats running=2
    exec 4>door.gate
    echo >&4
    until_stats running=1
    exec 4>&-
    hears 5 'held door'
    hears 6 'held door'
    same "$(ask 'hold ../door')" 'error: hold takes a name of 1 to 32 letters, digits, - and _'
    same "$(ask 'hold window')" 'error: there is no gate: mkfifo window.gate'
}
