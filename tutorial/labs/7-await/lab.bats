#!/usr/bin/env bats
# tutorial/labs/7-await/lab.bats - checks handler.c: does it leave the loop to the others?
# shellcheck disable=SC2016,SC2154

load ../lab

# silent NAME: there is no reply yet.
silent() {
    descriptor "$1"
    line=''
    heard || true
    saw "$1 got \`$line\` for \`${said[descriptor]}\` at once"
    same "$line" ''
}

@test "7.1 [1] one client is answered" {
    did 'one client asked `echo x`, `count`, `primes 10` and `sleep 3`, each after the last reply'
    expected '`x`, `1`, `4` and `slept` with a number'
    look_at 'handle_client() in handler.c: after each await, what runs the task again, and when?'
    start
    client A
    for pair in 'echo x:x' count:1 'primes 10:4'; do
        say A "${pair%:*}"
        hears A "${pair#*:}"
    done
    ask A 'sleep 3'
}

@test "7.2 [3] while one client sleeps, another is answered" {
    needs 7.1
    did 'A asked `sleep 60000`; then B asked `echo x`, and `sleep 3`'
    expected 'B is answered, and A is not'
    look_at 'handle_client() in handler.c: what does the thread of the loop do while A sleeps?'
    start
    client A B
    say A 'sleep 60000'
    ask B 'echo x'
    ask B 'sleep 3'
    silent A
}

@test "7.3 [3] while one client computes, another is answered" {
    needs 7.1
    did 'A asked `hold door`, so it stopped in the gate; then B asked `echo` twice, and `primes 10`'
    expected '`echo` is answered, and A when the gate is opened'
    look_at 'handle_client() in handler.c: which thread computes, and where is the job kept?'
    shut door
    start
    client A B
    say A 'hold door'
    ask B 'echo x'
    ask B 'echo y' # the first was perhaps read before what A asked
    silent A
    say B 'primes 10'
    until_taken 4
    open
    hears A 'held door'
}

@test "7.4 [2] the sleeps of each client are numbered" {
    needs 7.1
    did 'A slept three times; then B once; then A asked `primes 100`, and slept again'
    expected '`slept 4`'
    look_at 'handle_client() in handler.c: where is the number kept while the task waits?'
    start
    client A B
    for name in A A A B; do ask $name 'sleep 7'; done
    ask A 'primes 100'
    say A 'sleep 7'
    hears A 'slept 4'
}

@test "7.5 [2] while all clients sleep, the loop sleeps too" {
    needs 7.2
    did 'three asked `sleep 60000`; then a fourth asked for `wakeups=` again and again'
    expected 'the loop wakes up only for the fourth, once for each request'
    look_at 'handle_client() in handler.c: until when does each await wait?'
    start
    client A B C
    for name in A B C; do say $name 'sleep 60000'; done
    until_taken 3
    loop_sleeps
}
