#!/usr/bin/env bats
# tests/server.bats - how each server behaves, and goes on behaving under trouble. $SERVER is
# the command; a difference between the models is a failing test.
# shellcheck disable=SC2153,SC2030,SC2031,SC2034,SC2154

load helpers

@test "stats count exactly" {
    start_server
    printf 'echo a\nnope\nsleep 0\nprimes 10\n' | ask >replies
    until_quiet
    accepted=$(stat accepted) # and this one is one more
    [ "$(stat accepted)" -eq $((accepted + 1)) ]
    requests=$(stat requests)
    printf 'echo a\nnope\nsleep 1\nprimes 10\nsleep x\n' | ask >replies
    [ "$(stat requests)" -eq $((requests + 6)) ]
    [ "$(stat errors)" -eq 3 ]
    [ "$(stat running)" -eq 0 ]
    [ "$(stat waiting)" -eq 0 ]
}

@test "stats tell who sleeps" {
    start_server
    connect 5
    connect 6
    echo 'sleep 60000' >&5
    echo 'sleep 60000' >&6
    until_stat waiting 2
}

@test "clients of all kinds come and go, and none is left over" {
    start_server
    crowd --churn -c 10 -n 20 'echo x' >report
    for how in reset-in-request reset-in-reply leave-early urgent; do clumsy "$how" >/dev/null; done
    head -c 100000 /dev/urandom | ask >/dev/null || true
    until_quiet
}

@test "urgent data is no harm" {
    start_server
    clumsy urgent >replies
    [ "$(head -n 1 replies)" = one ]
}

@test "a client that asks on and never reads holds up nobody, and little memory" {
    start_server
    clumsy never-read >told 3>&- &
    until [ -s told ]; do kill -0 $!; pause; done
    [ "$(ask 'echo served')" = served ]
    if [ -r /proc/self/status ] && [[ $BIN != */build/* ]]; then
        [ "$(memory)" -lt 40000 ]
    fi
    kill $!
    wait $! || true
    until_quiet
}

@test "twenty megabytes without a line end are answered with one line" {
    start_server
    { head -c 20000000 /dev/zero | tr '\0' x; printf '\necho after\n'; } | ask >replies
    printf 'error: line longer than 8192 bytes\nafter\n' | cmp - replies
    if [ -r /proc/self/status ] && [[ $BIN != */build/* ]]; then
        [ "$(memory)" -lt 40000 ]
    fi
}

@test "200 clients where there are descriptors for fewer: all are served, and nothing spins" {
    need_proc
    (ulimit -n 64) || skip "cannot lower the limit"
    descriptors=64 start_server
    before=$(ticks)
    crowd --tsv -c 200 -n 1 --churn 'sleep 300' >report
    [ "$(cut -f 1-3 report)" = $'200\t0\t0' ]
    [ $(($(ticks) - before)) -lt 60 ] # hundredths of a second; it took more than one in all
    until_quiet
}

@test "-m 2: a third client waits and is served when one leaves" {
    case $SERVER in *' -n 4'*) skip "a pool of 4 needs more" ;; esac
    start_server -m 2
    connect 4
    connect 5
    echo 'echo first' >&4
    echo 'echo second' >&5
    hear 4 && [ "$line" = first ]
    hear 5 && [ "$line" = second ]
    connect 6
    echo 'echo third' >&6
    silent 6
    exec 4>&-
    hear 6
    [ "$line" = third ]
}

@test "-t 1: a client that says nothing, or stops in a line, is let go" {
    start_server -t 1
    connect 4
    connect 5
    printf 'echo unfin' >&5
    fails hear 4 # the end of file
    fails hear 5
    until_quiet
}

@test "-t 1: a client that is slow to finish a line is let go, however busy it looks" {
    start_server -t 1
    connect 5
    # Twice a second a byte: never idle for a second, and never done.
    (trap '' PIPE; for ((i = 0; i < 100; i++)); do printf x >&5 || break; sleep 0.5; done) 3>&- 2>/dev/null &
    fails hear 5
    exec 5>&-
    until_quiet
    kill $! || true
    wait $! || true
}

@test "-t 1: a client that never reads is let go" {
    start_server -t 1
    clumsy never-read >told
    [ "$(tail -n 1 told)" = 'let go' ]
    until_quiet
}

@test "-t 1: who sleeps for longer, or asks often enough, stays" {
    start_server -t 1
    connect 5
    echo 'sleep 2500' >&5
    hear 5
    [ "$line" = 'slept 2500' ]
    echo 'echo still here' >&5
    hear 5
    [ "$line" = 'still here' ]
}

@test "SIGTERM: what was asked is answered, and the status is 0" {
    start_server
    connect 5
    echo 'sleep 1000' >&5
    until_stat waiting 1
    kill -TERM "$server"
    hear 5
    [ "$line" = 'slept 1000' ]
    fails hear 5
    wait "$server"
    server=''
}

@test "SIGINT ends it as well, and its port is free at once" {
    start_server
    connect 5
    echo 'echo hi' >&5
    hear 5
    kill -INT "$server" || true
    fails hear 5
    wait "$server"
    read -ra words <<<"$SERVER"
    "$BIN/${words[0]}" -p "$port" >again 2>err 3>&- &
    server=$!
    until [ -s again ]; do kill -0 "$server"; pause; done
    [ "$(cat again)" = "listening on 127.0.0.1:$port" ]
}

@test "SIGTERM hangs up on a hundred idle clients" {
    start_server --max-clients 200
    [[ $SERVER == *' -n 4'* ]] && some=4 || some=100
    mkfifo input
    "$BIN/load" -p "$port" -c "$some" --idle 'echo x' <input >held 2>&1 3>&- &
    holder=$!
    exec 4>input
    until grep -q ready held; do pause; done
    stop_server
    exec 4>&-
    fails wait "$holder" # nobody answered it
}

@test "no child is left behind" {
    need_proc
    start_server
    connect 5
    echo 'sleep 60000' >&5
    connect 6
    until_stat waiting 1
    children=$(children_of "$server")
    exec 5>&-
    kill -TERM "$server"
    fails hear 6
    kill -TERM "$server" # a second time: at once
    wait "$server" || true
    server=''
    for child in $children; do until [ -z "$(state_of "$child")" ]; do pause; done; done
}

@test "a second signal ends it at once" {
    start_server
    connect 5
    connect 6
    echo 'sleep 60000' >&5
    until_stat waiting 1
    kill -TERM "$server"
    fails hear 6 # hung up on, so it has begun to stop
    kill -TERM "$server"
    status=0
    wait "$server" || status=$?
    server=''
    [ "$status" -eq 143 ] # 128 and SIGTERM
}

@test "a port in use is one sentence and status 1" {
    start_server
    refuse_to_start -p "$port"
    [ "$status" -eq 1 ]
    [ "$(wc -l <said)" -eq 1 ]
    grep -q "cannot listen on 127.0.0.1 port $port: Address already in use" said
}

@test "an address that is not ours, or unknown, is one sentence and status 1" {
    for address in 192.0.2.1 'no such name'; do
        refuse_to_start -p 0 -a "$address"
        [ "$status" -eq 1 ]
        [ "$(wc -l <said)" -eq 1 ]
        [ ! -s out ]
    done
}

@test "a port file that cannot be written is one sentence and status 1" {
    refuse_to_start -p 0 --port-file missing/port
    [ "$status" -eq 1 ]
    [ "$(wc -l <said)" -eq 1 ]
}

@test "mistakes on the command line: two lines, the first names it, status 2" {
    name=${SERVER%% *}
    for mistake in '-p x' '-p 65536' '-p -1' '-m 0' '-t 1.5' '--nonsense' '-n 0' '-n many' \
        'word' '--verbose=yes' '-b 0' '-Z' '-p'; do
        # shellcheck disable=SC2086
        refuse_to_start $mistake
        [ "$status" -eq 2 ]
        [ ! -s out ]
        [ "$(wc -l <said)" -eq 2 ]
        head -n 1 said | grep -q -e "^$name: .*'${mistake##* }'" -e "^$name: --port needs PORT" -e "'-n'"
        [ "$(tail -n 1 said)" = "try '$name --help'" ]
    done
}

@test "--help and --version go to stdout, with status 0" {
    name=${SERVER%% *}
    run "$BIN/$name" --help
    [ "$status" -eq 0 ]
    [[ ${lines[0]} == "usage: $name "* ]]
    run "$BIN/$name" -V
    [ "$status" -eq 0 ]
    [[ $output =~ ^$name\ [0-9.]+$ ]]
}

@test "with stdout and stderr closed it serves as ever" {
    closed=yes start_server -v
    [ "$(ask 'echo served')" = served ]
}

@test "with a full stderr it serves as ever" {
    [ -w /dev/full ] || skip "needs /dev/full"
    out=/dev/full err=/dev/full start_server -v
    [ "$(ask 'echo served')" = served ]
}

@test "-v says who comes and goes" {
    start_server -v
    ask 'echo x'
    until_said 'client 1 came'
    until_said 'client 1 left'
}

@test "it listens on ::1 too" {
    start_server -a ::1 2>/dev/null || skip "there is no IPv6 here"
    [ "$(cat out)" = "listening on [::1]:$port" ]
    [ "$(ask -a ::1 'echo six')" = six ]
}

@test "100 clients that sleep do so side by side" {
    case $SERVER in *' -n 4'*) skip "a pool of 4 serves 4" ;; esac
    start_server
    crowd --tsv -c 100 -n 1 'sleep 3000' >report 3>&- &
    until_stat waiting 100
    wait $!
    [ "$(cut -f 1-3 report)" = $'100\t0\t0' ]
}

@test "--lab: two clients in a gate, let out one by one" {
    case $SERVER in
    *--gil*) skip "one thread computes at a time" ;;
    *'-w 0'*) skip "the loop itself is in the gate, and can tell nothing" ;;
    async*) [ "$(getconf _NPROCESSORS_ONLN)" -gt 1 ] || skip "needs two threads that compute" ;;
    esac
    start_server --lab
    mkfifo door.gate
    connect 5
    connect 6
    echo 'hold door' >&5
    echo 'hold door' >&6
    until_stat running 2
    exec 4>door.gate
    echo >&4
    until_stat running 1
    exec 4>&-
    hear 5 && [ "$line" = 'held door' ]
    hear 6 && [ "$line" = 'held door' ]
    [ "$(ask 'hold ../door')" = 'error: hold takes a name of 1 to 32 letters, digits, - and _' ]
    [ "$(ask 'hold window')" = 'error: there is no gate: mkfifo window.gate' ]
}

@test "--lab: SIGTERM lets everybody out of a gate" {
    start_server --lab
    mkfifo door.gate
    connect 5
    echo 'hold door' >&5
    exec 4>door.gate # returns once it is inside
    kill -TERM "$server"
    hear 5
    [ "$line" = 'held door' ]
    wait "$server"
    server=''
}
