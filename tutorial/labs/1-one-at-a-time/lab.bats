#!/usr/bin/env bats
# tutorial/labs/1-one-at-a-time/lab.bats - checks server.c: does a client wait for another's end?
# shellcheck disable=SC2016,SC2154

load ../lab

@test "1.1 [1] one client is answered" {
    did 'A asked `echo hello`, and then `count`'
    expected '`hello`, and `1`'
    look_at 'main() in server.c: is the handler called, with the socket of the client?'
    start
    client A
    say A 'echo hello'
    hears A hello
    say A count
    hears A 1
}

@test "1.2 [2] B is answered while A is in the gate" {
    needs 1.1
    did 'A asked `hold door`, with the gate shut; then B asked `echo hello`'
    expected 'B hears `hello`; A hears `held door`, but only when the gate is opened'
    look_at 'serve_all() in server.c: which call does not return while A is served?'
    shut door
    start
    client A
    say A 'echo hello'
    hears A hello
    say A 'hold door'
    client B
    say B 'echo hello'
    hears B hello
    open
    hears A 'held door'
}

@test "1.3 [1] one process serves both, each by a thread of its own" {
    needs 1.2
    did 'A and B asked `who`'
    expected 'the same process, and two threads'
    look_at 'what do you start for each client?'
    start
    client A
    ask A who
    read -r _ process _ thread _ <<<"$line"
    a=$line
    client B
    ask B who
    read -r _ its_process _ its_thread _ <<<"$line"
    saw "A: $a; B: $line"
    is "$its_process" = "$process"
    is "$its_thread" != "$thread"
}

@test "1.4 [2] a thread that starts late serves its own client" {
    needs 1.3
    did 'A, B and C came, and each thread began only when the next one was created; A and B asked' \
        '`echo`'
    expected 'A hears `a`, and B hears `b`'
    look_at 'what you hand to a new thread: is it still what it was when the thread reads it?'
    export LATE=yes
    start
    client A B C
    say A 'echo a'
    say B 'echo b'
    hears A a
    hears B b
}
