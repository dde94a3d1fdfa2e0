#!/usr/bin/env bats
# tutorial/labs/7-await/lab.bats - checks handler.c: does it leave the loop to the others?
# shellcheck disable=SC2016,SC2034,SC2154

load ../lab

# Where this is known, memory that has been freed is filled with nonsense: a job that is read too
# late shows.
export GLIBC_TUNABLES=glibc.malloc.perturb=165:glibc.malloc.tcache_count=0

# With SAN=thread a server ends at once, and not a second later.
export TSAN_OPTIONS=atexit_sleep_ms=0:${TSAN_OPTIONS-}

# question TEXT...: what to look at, of the one function that is to be written.
question() { look_at "handle_client() in handler.c: $*"; }

# silent NAME: there is no reply yet.
silent() {
    descriptor "$1"
    line=''
    heard || true
    saw "$1 got \`$line\` for \`${said[descriptor]}\` at once"
    same "$line" ''
}

# at_once NAME REQUEST NAME REQUEST: the loop finds both in one turn.
at_once() {
    freeze
    say "$1" "$2"
    say "$3" "$4"
    thaw
}

# How many milliseconds ahead the times are that were awaited until now.
times() { sed -n 's/.* awaits a time \([0-9]*\) ms from now$/\1/p' err; }

# awaits_a_minute BEFORE MOST: but for so many, all of them are, or nearly: this machine may be
# slow. For one, at the least, it was not so slow that as much as the time before that is missing.
awaits_a_minute() {
    local ahead all longest=0
    all=$(times | tail -n "+$(($1 + 1))")
    for ahead in ${all:-0}; do
        saw "an await is told of a time $ahead ms ahead"
        is "$ahead" -ge 40000 && is "$ahead" -le 60001 || return
        [ "$ahead" -lt "$longest" ] || longest=$ahead
    done
    saw "no await is told of a time more than $longest ms ahead"
    is "$longest" -gt $((60000 - $2))
}

@test "7.1 [1] one client is answered" {
    did 'one client asked `count`'
    expected '`1`'
    question 'does each pass of its loop await something, or end?'
    serve A
    ask A count
    question 'which result does session_reply() get for `count`?'
    got A 1
}

@test "7.2 [3] while one client sleeps, another is answered" {
    needs 7.1
    did 'A asked `sleep 60000`; then B asked `echo x`; then, at once, C asked `sleep 60000` and' \
        'B `sleep 3`'
    expected 'B is answered, and A and C are not'
    question 'what does the thread of the loop do while A sleeps?'
    serve A B C
    say A 'sleep 60000'
    ask B 'echo x'
    question 'what runs the task of B again, and when? Is that time set once, and the condition' \
        'true then? If the executor sleeps for A, who sleeps for B?'
    at_once C 'sleep 60000' B 'sleep 3'
    hear B
    question 'a task runs before its time, too. Until when does it wait then, which of its' \
        'variables were set before, and who else sets them?'
    ask B 'echo y' # whoever woke up with B has been answered by now
    silent C
}

@test "7.3 [3] while one client computes, another is answered" {
    needs 7.1
    did 'A asked `hold door`, so it stopped in the gate; then B asked `echo` twice, and `primes' \
        '10`, and C `primes 100`; then the gate let one out'
    expected '`echo` is answered at once; then A hears `held door`, B `4`, and C `25`'
    question 'what does the thread of the loop do while A computes?'
    shut door
    serve A B C
    say A 'hold door'
    for text in x y; do # x was perhaps read before what A asked
        ask B "echo $text" || {
            [ -z "$closed" ] || question 'where are the job and the request kept while the task' \
                'waits?'
            return 1
        }
    done
    question 'which requests compute, and how does the task know that the result is there?'
    silent A
    say B 'primes 10'
    say C 'primes 100'
    until_taken 5
    silent B
    question 'where are the job and the request kept while the task waits, whose are they, and' \
        'until when? Does the loop compute once more?'
    let_out
    hear A || {
        [ -n "$closed" ] || question 'which condition does the task of A await, and is it true' \
            'when job->call.done is?'
        return 1
    }
    got A 'held door'
    hear B
    [ "$line" != 0 ] ||
        question 'which result does session_reply() get?'
    got B 4
    hears C 25
    question 'is the job freed, once, when its result has been read?'
    for name in C B A; do leave $name; done
    until_is clients -eq 1
    stops
}

@test "7.4 [2] the sleeps of each client are numbered" {
    needs 7.1
    did 'A asked `sleep 7`, `sleep 0`, `count` and `echo`; both A and B slept; A left, and C' \
        'came and slept'
    expected 'then A hears `slept 3`, and C `slept 1`'
    question 'what runs the task of A again, and when? Is the condition true then?'
    serve A B
    ask A 'sleep 7'
    ask A 'sleep 0'
    question 'where are the numbers kept while the task waits, and what changes them?'
    ask A count
    ask A 'echo x'
    at_once A 'sleep 7' B 'sleep 9'
    hears A 'slept 3'
    question 'does the number belong to the client?'
    leave A
    ask B count # A has been seen to leave
    client C    # and this gets its descriptor
    gets C 'sleep 0' 'slept 1'
}

@test "7.5 [2] while all clients sleep, the loop sleeps too" {
    needs 7.2
    did 'three asked `sleep 0`, and half a second later `sleep 60000` and `echo x`; then a fourth' \
        'asked for `wakeups=` again and again'
    expected 'each await is told of a time 60000 ms ahead; the loop wakes up only for the' \
        'fourth, once for each request'
    question 'until when does each await wait, set when, and for what else?'
    start --verbose
    client A B C
    for name in A B C; do ask $name 'sleep 0'; done
    before=$(times | wc -l)
    "$BIN/load" -p "$reference" 'sleep 500' >/dev/null
    for name in A B C; do say $name 'sleep 60000'; done
    until_taken 6
    awaits_a_minute "$before" 500
    for name in A B C; do say $name 'echo x'; done
    loop_sleeps
}

@test "7.6 [1] while one computes, the loop sleeps, and its sleeps are numbered on" {
    needs 7.3 7.4
    did 'A asked `hold door`, so it stopped in the gate, and `echo x`; B asked for `wakeups=`' \
        'again and again; the gate let one out; then A asked `sleep 0`, `primes 10`, and `sleep' \
        '0`; at last `primes 13`, for which there is no memory'
    expected 'no await is told of a time; the loop wakes up only for B; then A hears `slept 2`;' \
        'at last it hears no wrong number, and the server goes on'
    question 'what ends the await of one that computes, and what else runs its task meanwhile?'
    shut door
    start --verbose
    client A
    say A 'hold door'
    until_taken 1
    saw "an await is told of a time $(times | head -n 1) ms ahead"
    same "$(times)" ''
    say A 'echo x'
    loop_sleeps
    question 'what changes the number of sleeps?'
    let_out
    for request in 'sleep 0' 'primes 10' 'sleep 0'; do say A "$request"; done
    hears A 'held door'
    hears A x
    hears A 'slept 1'
    hears A 4
    hears A 'slept 2'
    question 'what does run_in_executor() return if there is no memory?'
    ask A 'primes 13' || [ -n "$closed" ]
    saw "A got \`$line\` for \`primes 13\`"
    fails grep -vqE '^(6|error.*)?$' <<<"$line"
    look clients
}
