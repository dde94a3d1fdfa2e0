#!/usr/bin/env bats
# tutorial/labs/3-the-gil/lab.bats - checks answers.c: do threads overlap their waiting, no more?
# shellcheck disable=SC2016,SC2034,SC2154

load ../lab

@test "3.1 [1] one client sleeps, computes and counts" {
    did 'A asked `sleep 0`, `primes 100` and `count`'
    expected '`slept 0`, `25` and `1`'
    look_at 'each function is called with the GIL held: does yours acquire it a second time?'
    serve A
    gets A 'sleep 0' 'slept 0'
    gets A 'primes 100' 25
    say A count
    hears A 1 || {
        [ -z "$closed" ] || look_at 'answers: is there a function in each row of the table?'
        return 1
    }
}

@test "3.2 [2] a client sleeps while another sleeps" {
    needs 3.1
    did 'A asked `sleep 60000`; then B asked `sleep 0`'
    expected 'B hears `slept 0`'
    look_at 'wait_for_time() in answers.c: who holds the GIL during the sleep, or another lock?'
    serve A
    say A 'sleep 60000'
    until_is waiting -eq 1
    client B
    gets B 'sleep 0' 'slept 0'
}

# one_computes: of three, or waits for the others to come.
one_computes() {
    look running || return 2
    running=$figure
    pick waiting
    saw "running=$running waiting=$figure"
    is "$running $figure" = '1 2'
}

@test "3.3 [1] one computes at a time" {
    needs 3.2
    did 'A, B and C asked `hold door`, with the gate shut: it is where they would compute'
    expected 'running=1 waiting=2'
    look_at 'answers: which function computes, and does it release the GIL?'
    shut door
    serve A B C
    for name in A B C; do say $name 'hold door'; done
    in_time one_computes
}

# keeps_the_rules: no thread released a GIL that it did not hold.
keeps_the_rules() { fails grep -q 'the GIL' err; }

@test "3.4 [1] after its sleep a client waits for the GIL" {
    needs 3.3
    did 'A asked `count` and `sleep 0`'
    expected 'when wait_for_time() returns, its thread holds the GIL again; count() keeps it'
    look_at 'wait_for_time() in answers.c: who holds the GIL at its end, on every path?'
    serve A B
    gets A 'sleep 0' 'slept 0'
    saw 'it does not'
    keeps_the_rules
    look_at 'count() in answers.c: what guards the number?'
    gets A count 1
    saw 'it does not'
    keeps_the_rules

    did 'B slept; A asked `hold door` and so held the GIL; then the sleep of B ended'
    expected 'waiting=2: B counts as in `sleep`, and as waiting for the GIL'
    look_at 'wait_for_time() in answers.c: what does it wait for after the sleep?'
    for sleep in 100 400 1600 6400 25600; do # until A is in the gate before B wakes
        shut door
        say B "sleep $sleep"
        until_is waiting -eq 1 || { hear B && continue; } # it has slept already
        say A 'hold door'
        until_is running -eq 1
        pick waiting
        is "$figure" -eq 0 || break
        open
        hear A
        hear B
    done
    "$BIN/load" -p "$reference" "sleep $sleep" >/dev/null # after that, B has slept
    until_is waiting -eq 2
}

# hears_meanwhile NAME: while another computes a tenth of `primes 10000000`.
hears_meanwhile() {
    descriptor "$1"
    printf '%10s' '' >&5
    heard
}

@test "3.5 [1] a short computation does not wait for the end of a long one" {
    needs 3.1
    did 'while A computed `primes 10000000`, B asked `primes 10`'
    expected 'B hears `4` before A has finished'
    look_at 'answers_prepare(): what does compute() call between two numbers, and who hands the' \
        'GIL over?'
    shut checkpoint
    serve A B
    say A 'primes 10000000'
    until_is running -eq 1
    say B $'primes 10\nstats'
    line=''
    saw 'B got no reply to `primes 10`'
    in_time hears_meanwhile B
    hear B
    pick running
    running=$figure
    pick waiting
    descriptor A
    saw 'B heard `4` after A had finished'
    is "$running $figure" != '0 0' || fails heard
    expected 'the one that holds the GIL computes'
    look_at 'answers_prepare(): when compute_checkpoint() returns, which thread holds the GIL?'
    saw 'both compute'
    keeps_the_rules
}
