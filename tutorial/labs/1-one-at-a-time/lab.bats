#!/usr/bin/env bats
# tutorial/labs/1-one-at-a-time/lab.bats - checks server.c: does a client wait for another's end?
# shellcheck disable=SC2016,SC2154

load ../lab

@test "1.1 [1] one client is answered" {
    did 'A asked `echo hello`'
    expected '`hello`'
    look_at 'main() in server.c: is the handler called, with the socket of the client?'
    start
    client A
    say A 'echo hello'
    hears A hello
}

@test "1.2 [2] B is answered while A is in the gate" {
    needs 1.1
    did 'A asked `hold door`, with the gate shut; then B asked `echo hello`'
    expected 'B hears `hello`'
    look_at 'serve_all() in server.c: which call does not return while A is served?'
    shut door
    start
    client A
    say A 'hold door'
    client B
    say B 'echo hello'
    hears B hello
}

@test "1.3 [1] the same process serves both" {
    needs 1.2
    did 'A and B asked `who`'
    expected 'the same process, for a thread is not a process'
    look_at 'serve_all() in server.c: what do you start for each client?'
    start
    client A
    who A
    first=$process
    client B
    who B
    saw "A: process $first, B: process $process"
    is "$process" = "$first"
}

@test "1.4 [2] a thread that starts late serves its own client" {
    needs 1.3
    did 'A, B and C came; each thread began only when the next one was created; A asked `echo a`'
    expected 'A hears `a`'
    look_at 'what you hand to a new thread: is it still what it was when the thread reads it?'
    export LATE=yes
    start
    client A B C
    say A 'echo a'
    hears A a
}
