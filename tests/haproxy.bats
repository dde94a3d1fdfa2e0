#!/usr/bin/env bats
# tests/haproxy.bats - three servers behind HAProxy, with tutorial/haproxy.cfg: see beyond.md. The
# last tests have one server behind it, and HTTP between them.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154

load helpers

# start_all [OPTION]...: one of each server, and HAProxy in front of them; $port is then its port.
start_all() {
    command -v haproxy >/dev/null || skip 'needs haproxy'
    local name
    for name in threaded forked async; do
        launch "$name" "$@"
        started+=("$server")
        eval "${name}_process=$server ${name}_port=$port"
    done
    server=''
    until start_haproxy; do pause; done
    until_told L7OK 3
}

# It takes no "any free port", so this tries some until two are free. Fails where they are not.
start_haproxy() {
    local haproxy
    port=$((20000 + RANDOM % 10000))
    stats=$((30000 + RANDOM % 2000))
    FRONT=127.0.0.1:$port STATS=127.0.0.1:$stats THREADED=127.0.0.1:$threaded_port \
        FORKED=127.0.0.1:$forked_port ASYNC=127.0.0.1:$async_port \
        haproxy -db -f "${config-$ROOT/tutorial/haproxy.cfg}" >log 2>&1 3>&- &
    haproxy=$!
    started+=("$haproxy")
    until told ''; do
        alive "$haproxy" || { grep -q 'cannot bind' log || cat log; return 1; }
        pause
    done
}

# told WORD: of how many servers HAProxy says so, into $count.
told() {
    local line
    count=0
    (exec 8<>"/dev/tcp/127.0.0.1/$stats" && echo 'show stat' >&8 && cat <&8) >table 2>/dev/null ||
        return 1
    while read -r line; do
        case $line in servers,*END,*) ;; servers,*"$1"*) count=$((count + 1)) ;; esac
    done <table
}

until_told() { # WORD N
    until told "$1" && [ "$count" -eq "$2" ]; do pause; done
}

# served_by PROCESS: how many of six clients were.
served_by() { for _ in 1 2 3 4 5 6; do ask who; done | grep -c "^process $1 " || true; }

# Who was with the server when it was killed has lost the connection, and asks once more.
ask_again() { ask "$@" 2>lost || ask "$@"; }

@test "clients are sent to the three servers in turn, and all are answered" {
    start_all
    same "$(served_by "$threaded_process")" 2
    same "$(served_by "$async_process")" 2
    crowd -c 30 -n 20 'echo through the middle' >report
    crowd -c 12 -n 1 'sleep 50' >report
    crowd -c 6 -n 1 'primes 10000' >report
}

@test "the counter does not survive the move: each server has its own" {
    start_all
    same "$(for _ in 1 2 3 4 5 6; do ask count; done | sort | tr '\n' ' ')" '1 1 1 2 2 2 '
}

@test "a server that is killed is not noticed by clients that ask again" {
    start_all
    kill -KILL "$threaded_process"
    for ((i = 0; i < 30; i++)); do same "$(ask_again 'echo still there')" 'still there'; done
    until_told DOWN 1
    same "$(served_by "$async_process")" 3
    crowd -c 30 -n 20 'echo with two' >report
}

# start_again: the same, on the port that it had.
start_again() {
    "$BIN/async" -p "$async_port" >out 2>err 3>&- &
    server=$!
    until [ -s out ]; do
        alive "$server" || return 1
        pause
    done
}

@test "a server that was told to stop is let finish, and one that is back is used again" {
    start_all --lab
    mkfifo door.gate
    until connect 5 && say 5 who && hear 5 && [[ $line == "process $async_process "* ]]; do :; done
    say 5 'hold door'
    exec 4>door.gate # returns once it is inside
    kill -TERM "$async_process"
    hears 5 'held door'
    hears_end 5
    until_told DOWN 1
    crowd -c 30 -n 20 'echo meanwhile' >report
    until start_again; do pause; done # somebody else may have the port for a moment
    until_told L7OK 3
    same "$(served_by "$server")" 2
}

# One server behind HAProxy that speaks HTTP, on connections that it keeps. $direct is the server's
# port.
start_http() {
    command -v haproxy >/dev/null || skip 'needs haproxy'
    launch "$@"
    threaded_port=$port direct=$port forked_port=1 async_port=1 config=$PWD/http.cfg
    cat >http.cfg <<'END'
global
    stats socket "$STATS"
defaults
    mode http
    timeout connect 5s
    timeout client 2s
    timeout server 60s
    http-reuse always
listen servers
    bind "$FRONT"
    server only "$THREADED"
END
    until start_haproxy; do pause; done
}

# attack ROW: through HAProxy; ends when HAProxy closes the connection.
attack() {
    exec 5<>"/dev/tcp/127.0.0.1/$port"
    printf %b "$1" >&5 2>/dev/null || true
    cat <&5 >/dev/null 2>&1
    exec 5>&- # it may be closed already
}

# What HAProxy has passed on to the server: the field stot.
passed_on() {
    told '' && awk -F , '/^servers,only,/ { print $8 }' table
}

smuggle() {
    local hidden='GET /count HTTP/1.1\r\nHost: localhost\r\n\r\n' row attacks=()
    start_http "$@"
    while IFS= read -r row; do
        case $row in '' | '#'*) continue ;; esac
        row=${row#* => }
        attack "${row//'{hidden}'/$hidden}" &
        attacks+=($!)
    done <"$ROOT/tests/smuggling.txt"
    wait "${attacks[@]}" || true
    port=$direct look requests
    [ "$figure" -gt 10 ]
    [ $((figure - 1)) -le "$(passed_on)" ]
}

@test "what HAProxy passes on as one request, threaded never serves as two" { smuggle threaded; }

@test "nor does forked" { smuggle forked; }

@test "nor does async" { smuggle async; }
