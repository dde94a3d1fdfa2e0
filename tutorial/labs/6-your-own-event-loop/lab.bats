#!/usr/bin/env bats
# tutorial/labs/6-your-own-event-loop/lab.bats - checks loop.c: does it wait for no single client?
# shellcheck disable=SC2016,SC2034,SC2154

load ../lab

# who NAME: which $thread serves it.
who() {
    ask "$1" who || return
    thread=${line% client*}
}

# send NAME LINES: in one write, where printf would write line by line.
send() {
    descriptor "$1"
    said[descriptor]='its last line'
    cat <<<"$2" >&"$descriptor"
}

# ended PROCESS: it has.
@test "6.1 [1] one client is answered" {
    did 'A asked `echo x` and twice `count`, in one write'
    expected '`x`, `1` and `2`'
    look_at 'loop.c: what must happen from net_accept_now() to session_reply(), and how often?'
    start
    client A
    send A $'echo x\ncount\ncount'
    for reply in x 1 2; do hears A "$reply"; done
}

@test "6.2 [2] half a line from one client does not keep another waiting" {
    needs 6.1
    did 'A sent `echo hel`, no line end; B asked `who`; A sent `lo`, and asked `who`'
    expected 'B is answered, then A, both by the same thread'
    look_at 'loop.c: in which call is it while the rest of the line has not come?'
    start
    client A
    ask A 'echo x'
    client B
    descriptor A
    printf 'echo hel' >&"$descriptor"
    ask B 'echo x' # this was perhaps read before what A sent
    who B
    B=$thread
    ask A lo
    who A
    saw "A: $thread; B: $B"
    same "$thread" "$B"
}

@test "6.3 [2] while the clients say nothing, the loop sleeps" {
    needs 6.2
    did 'three clients were connected; then a fourth asked for `wakeups=` again and again'
    expected 'the loop wakes up for the fourth, once for each request'
    look_at 'loop.c: which events does it watch for, and are they there all the time?'
    start
    client A B C
    loop_sleeps
}

@test "6.4 [2] many requests from one client do not keep others waiting" {
    needs 6.2
    did 'A sent 48 lines of 1 KB, B and C asked for `requests=`, all at the same time'
    expected 'B and C are answered before the last of A, so at less than requests=52'
    look_at 'loop.c: how long does it stay with a client that has sent more?'
    printf -v request '%01000d\n' 0
    for ((i = 0; i < 48; i++)); do requests+=$request; done
    start
    client B A C
    for name in A B C; do ask $name 'echo x'; done
    freeze
    send A "${requests%$'\n'}"
    for name in B C; do say $name stats; done
    thaw
    for name in B C; do
        hear $name
        pick requests
        saw "$name is answered at requests=$figure"
        is "$figure" -lt 52
    done
}

@test "6.5 [3] a client that does not read keeps nobody waiting, and gets the rest when it reads" {
    needs 6.3
    did 'A asked `help` 10,000 times and read nothing; B asked `echo` ten times; then A read'
    expected 'B is answered, the loop sleeps until A reads, and A gets all its replies'
    look_at 'loop.c: what does WANT_WRITE mean, and which event ends that wait?'
    start
    client A B
    printf -v requests '%10000s' ''
    send A "${requests// /help$'\n'}echo the end"
    for turn in {1..10}; do ask B "echo $turn"; done
    loop_sleeps
    descriptor A
    grep -q 'the end' <&"$descriptor" 3>&- &
    saw 'A did not get the rest'
    in_time ended $!
    wait $!
}

@test "6.6 [2] clients come and go, and 200 stay at once" {
    needs 6.3
    did 'A and B left at the same time; 1,200 came and left in turn; 200 came'
    expected 'the 1,200 are answered; in the end clients=201, with the one that looks'
    look_at 'loop.c: what becomes of the slot of a client that is GONE, and of the other slots?'
    start
    client A
    look clients # its slot is between those of A and B
    client B
    for name in A B; do ask $name 'echo x'; done
    freeze
    leave A
    leave B
    thaw
    saw 'not all of the 1,200 were answered'
    for hundred in {1..12}; do # each with its own patience
        "$BIN/load" -p "$port" -n 100 --churn 'echo x' >/dev/null 2>&1 3>&- &
        in_time ended $!
    done
    mkfifo input
    "$BIN/load" -p "$port" -c 200 --idle 'echo x' <input >/dev/null 2>&1 3>&- &
    exec 6>input
    until_is clients -eq 201
    exec 6>&-
}
