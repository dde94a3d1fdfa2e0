#!/usr/bin/env bats
# tutorial/labs/4-a-process-each/lab.bats - checks server.c: what each process keeps, and until when
# shellcheck disable=SC2016,SC2034,SC2154

load ../lab

# left PROCESS...: how many of them run, and how many are zombies that the server has to reap.
left() {
    local process running=0 zombies=0
    for process in "$@"; do
        exists "$process" || continue
        if [[ $state != Z* ]]; then
            running=$((running + 1))
        elif [ "$parent" -eq "$server" ]; then
            zombies=$((zombies + 1))
        fi
    done
    saw "$running of $# still running, and $zombies not reaped"
    if [ $running -gt 0 ]; then
        look_at 'the child: what does it do when handle_client() returns?'
    elif [ $zombies -eq $# ]; then
        look_at 'the parent: has it a handler of SIGCHLD, and does that call waitpid()?'
    else
        look_at "$reaping"
    fi
    is $((running + zombies)) -eq 0
}

# refused: a client cannot connect.
refused() { ! eval "exec 9<>/dev/tcp/127.0.0.1/$port" 2>/dev/null; }

@test "4.1 [1] each client is served by a process of its own" {
    did 'A and B were connected, and each asked `who`'
    expected 'two processes, and neither is the one that accepts'
    look_at 'serve_all() in server.c: which process calls handle_client(), what does each side' \
        'close, and does the parent wait?'
    serve A B
    who A || {
        [ -z "$closed" ] || look_at 'the child: what ends it, or closes the socket of A, before' \
            'handle_client() has returned?'
        return 1
    }
    saw "A: process $process; the one that accepts: $server"
    is "$process" -ne "$server"
    A=$process
    who B
    saw "A: process $A, B: process $process"
    is "$process" -ne "$A"
}

@test "4.2 [1] no client waits for a process that crashed, or that fork did not make" {
    needs 4.1
    did '`fork` failed when A came, and SIGCHLD arrived just then; then B came'
    expected 'A hears `error: server busy` and end of file; stderr says why; B is served'
    look_at 'serve_all() in server.c: what happens if fork() returns -1?'
    start
    : >no-fork
    client A
    hears A 'error: server busy'
    ends A
    saw 'nothing on stderr'
    look_at 'serve_all() in server.c: if fork() returns -1, who learns why? See messages.h'
    in_time test -s err
    saw 'another reason than the one of fork()'
    look_at 'the handler of SIGCHLD: which errno does the function that it interrupts find? And' \
        'does any other function come between fork() and warn()?'
    fails grep -q 'No child processes' err
    rm no-fork
    look_at 'serve_all() in server.c: does it go on after fork() returned -1?'
    client B
    gets B 'echo x' x

    did 'B asked `crash`'
    expected 'B sees end of file'
    look_at 'fork() copied the descriptor of B: which process still has its socket open?'
    say B crash
    ends B
}

@test "4.3 [1] a crash ends one conversation and no other" {
    needs 4.1
    did 'B and A were connected; A asked `crash`; when its process was dead, C came; C and B' \
        'asked `echo`'
    expected 'C hears `new`, and B hears `old`'
    look_at 'what does the parent do when a child has ended: wait for another, or end one?'
    serve B A
    ask B 'echo here' # so its process runs before A crashes
    who A
    say A crash
    in_time dead "$process"
    client C
    gets C 'echo new' new
    gets B 'echo old' old
}

@test "4.4 [1] ten children that end at the same time are all reaped" {
    needs 4.3
    did 'ten were connected; the parent was stopped, its ten children killed, and the parent' \
        'continued'
    expected 'the parent reaps the ten, and no new client has to come for that'
    reaping='the handler of SIGCHLD: pending signals merge. How many children does it reap?'
    start
    ten=(A B C D E F G H I J) processes=()
    client "${ten[@]}"
    for name in "${ten[@]}"; do
        who "$name"
        processes+=("$process")
    done
    freeze
    kill -KILL "${processes[@]}"
    in_time dead "${processes[@]}"
    thaw
    in_time left "${processes[@]}"
}

@test "4.5 [1] when a client has left, its process ends, and nothing else" {
    needs 4.4
    did 'A asked `quit`, before fork() had returned to the parent; when its process was reaped,' \
        'B came, and left without a word'
    expected 'both processes end and are reaped, and neither says goodbye'
    reaping='the handler of SIGCHLD: is there one when the first child ends, and the second?'
    shut forked
    serve A
    who A
    A=$process
    say A quit
    in_time left "$A"
    open
    rm forked.gate
    client B
    who B
    leave B
    in_time left "$A" "$process"
    look_at 'the child: which function ends it, and what does that function do besides?'
    saw "$(grep -c goodbye out || true) of the two said goodbye, as the server does at its end"
    same "$(grep goodbye out)" ''
}

@test "4.6 [1] a child outlives Ctrl-C, and does not keep the port" {
    needs 4.1
    did 'A asked `hold door`, with the gate shut; its process got SIGINT, as from Ctrl-C; then' \
        'the gate was opened, and the parent killed; B tried to connect'
    expected 'A hears `held door` when the gate is open, and B is refused'
    look_at 'the child: which function of shutdown.h does it call?'
    shut door
    serve A
    who A
    say A 'hold door'
    until_is running -eq 1
    kill -INT "$process"
    work 1000
    descriptor A
    line=''
    saw 'A heard from its process before the gate was open'
    fails heard
    open
    hears A 'held door'
    look_at 'fork() copied the listener, too: which process still has it open?'
    kill -KILL "$server"
    wait "$server" 2>/dev/null || true
    server=''
    saw 'B could connect, although no process accepts'
    refused
}
