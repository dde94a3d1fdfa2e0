#!/usr/bin/env bats
# tutorial/labs/4-a-process-each/lab.bats - checks server.c: what each process keeps, and until when
# shellcheck disable=SC2016,SC2154

load ../lab

# left PROCESS...: how many of them run, or are zombies that the server has to reap.
left() {
    local process count=0
    for process in "$@"; do
        ! exists "$process" || [[ $state = Z* && $parent -ne $server ]] || count=$((count + 1))
    done
    saw "$count of $# left"
    is $count -eq 0
}

# refused: a client cannot connect.
refused() { ! eval "exec 9<>/dev/tcp/127.0.0.1/$port" 2>/dev/null; }

@test "4.1 [1] each client is served by a process of its own" {
    did 'A and B were connected, and each asked `who`'
    expected 'two processes, and neither is the one that accepts'
    look_at 'serve_all() in server.c: which process calls handle_client()? Does the parent wait' \
        'for it?'
    start
    client A B
    who A
    saw "A: process $process; the one that accepts: $server"
    is "$process" -ne "$server"
    A=$process
    who B
    saw "A: process $A, B: process $process"
    is "$process" -ne "$A"
}

@test "4.2 [1] when a process has crashed, the connection of its client ends" {
    needs 4.1
    did 'A asked `crash`'
    expected 'A sees end of file'
    look_at 'fork() copied the descriptor of A: which process still has its socket open?'
    start
    client A
    say A crash
    ends A
}

@test "4.3 [1] a crash ends one conversation and no other" {
    needs 4.1
    did 'B and A were connected; A asked `crash`; when its process was dead, C came; C and B' \
        'asked `echo`'
    expected 'C hears `new`, and B hears `old`'
    look_at 'what does the parent do when a child has ended? Does it wait for another?'
    start
    client B A
    who A
    say A crash
    in_time dead "$process"
    client C
    say C 'echo new'
    hears C new
    say B 'echo old'
    hears B old
}

@test "4.4 [1] ten children that end at the same time are all reaped" {
    needs 4.3
    did 'ten were connected; the parent was stopped, its ten children killed, and the parent' \
        'continued'
    expected '0 of 10 left, and no new client has to come for that'
    look_at 'the handler of SIGCHLD: signals that are pending merge into one. How many does it' \
        'reap?'
    start
    ten=(A B C D E F G H I J) processes=()
    client "${ten[@]}"
    for name in "${ten[@]}"; do
        who "$name"
        processes+=("$process")
    done
    kill -STOP "$server"
    kill -KILL "${processes[@]}"
    in_time dead "${processes[@]}"
    kill -CONT "$server"
    in_time left "${processes[@]}"
}

@test "4.5 [1] when a client has left, its process ends" {
    needs 4.4
    did 'A asked `quit`, and B left without a word'
    expected '0 of 2 left: both processes have ended, and were reaped'
    look_at 'the child: what does it do when handle_client() returns?'
    start
    client A B
    who A
    A=$process
    who B
    say A quit
    leave B
    in_time left "$A" "$process"
}

@test "4.6 [1] when the parent has ended, no process keeps its port" {
    needs 4.1
    did 'A was connected and served; the parent was killed; then B tried to connect'
    expected 'B is refused'
    look_at 'fork() copied the listener, too: which process still has it open?'
    start
    client A
    ask A 'echo here'
    kill -KILL "$server"
    wait "$server" 2>/dev/null || true
    server=''
    saw 'B could connect, although no process accepts'
    refused
}
