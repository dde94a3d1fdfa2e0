#!/usr/bin/env bats
# tutorial/labs/7-await/lab.bats - checks handler.c: does it leave the loop to the others?
# shellcheck disable=SC2016,SC2154

load ../lab

# Where this is known, memory that has been freed is filled with nonsense: a job that is read too
# late shows.
export GLIBC_TUNABLES=glibc.malloc.perturb=165:glibc.malloc.tcache_count=0

# silent NAME: there is no reply yet.
silent() {
    descriptor "$1"
    line=''
    heard || true
    saw "$1 got \`$line\` for \`${said[descriptor]}\` at once"
    same "$line" ''
}

@test "7.1 [1] one client is answered" {
    did 'one client asked `count`'
    expected '`1`'
    look_at 'handle_client() in handler.c: what has changed for requests that need no await?'
    start
    client A
    say A count
    hears A 1
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
    look_at 'handle_client() in handler.c: what runs the task of B again, and when? If the' \
        'executor sleeps for A, who sleeps for B?'
    ask B 'sleep 3'
    look_at 'handle_client() in handler.c: a task runs before its time, too. What does it await' \
        'then, and which of its variables were set before?'
    silent A
}

@test "7.3 [3] while one client computes, another is answered" {
    needs 7.1
    did 'A asked `hold door`, so it stopped in the gate; then B asked `echo` twice, and `primes' \
        '10`; then the gate let one out'
    expected '`echo` is answered at once; then A hears `held door`, and B `4`'
    look_at 'handle_client() in handler.c: what does the thread of the loop do while A computes,' \
        'and which requests compute?'
    shut door
    start
    client A B
    say A 'hold door'
    ask B 'echo x'
    ask B 'echo y' # the first was perhaps read before what A asked
    silent A
    look_at 'handle_client() in handler.c: where is the job kept while the task waits, whose is' \
        'it, and until when? Does the loop compute once more?'
    say B 'primes 10'
    until_taken 4
    let_out
    hears A 'held door'
    hears B 4
}

@test "7.4 [2] the sleeps of each client are numbered" {
    needs 7.1
    did 'A slept three times; then B once; then A asked `count`, and slept again'
    expected '`slept 4`'
    look_at 'handle_client() in handler.c: what runs the task of A again, and when?'
    start
    client A B
    for name in A A A B; do ask $name 'sleep 7'; done
    look_at 'handle_client() in handler.c: where is the number kept while the task waits?'
    ask A count
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
    loop_sleeps
}
