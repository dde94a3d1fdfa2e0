#!/usr/bin/env bats
# tutorial/labs/2-the-lost-update/lab.bats - checks tally.c: is each number given once?
# shellcheck disable=SC2016,SC2034,SC2154

load ../lab

eight=(1 2 3 4 5 6 7 8)

@test "2.1 [1] one client counts 1, 2, 3" {
    did 'one client asked `count` three times'
    expected '1, 2, 3'
    serve A
    for n in 1 2 3; do
        look_at 'count() in tally.c: is the lock free when it is called, and when it returns?'
        say A count
        hear A
        look_at 'count() in tally.c: which number does it return?'
        saw "A got \`$line\` as number $n"
        same "$line" $n
    done
}

stuck='count() in tally.c: does each thread that leaves let the next one in, on every path? Does'
stuck+=' one that waits learn of it, whenever that is?'

# hear_numbers FIRST LAST: the clients in turn hear their replies, which are these numbers.
hear_numbers() {
    local i numbers='' sorted wanted=''
    for ((i = $1; i <= $2; i++)); do
        hear "${eight[(i - $1) % 8]}" || { look_at "$stuck" && return 1; }
        numbers+="$line "
        wanted+="$i "
    done
    sorted=$(tr ' ' '\n' <<<"${numbers% }" | sort -n | tr '\n' ' ')
    saw "the numbers $sorted"
    same "$sorted" "$wanted"
}

start_again() {
    kill -KILL "$server"
    wait "$server" 2>/dev/null || true
    names=() asked=0
    rm out # which has the old port
    start "$@"
}

# stopped: at a branch, or between the lines, which is then the $figure.
stopped() {
    look running || return 2
    if is "$figure" -eq 1; then
        figure=0
    else
        pick waiting
        is "$figure" -eq 1
    fi
}

@test "2.2 [3] eight clients get eight numbers" {
    needs 2.1
    did 'two asked `count` (--tally atomic); after its unlock each thread was stopped until both' \
        'had counted'
    expected 'the numbers 1 2'
    look_at 'count() in tally.c: after the unlock, is the number that it returns still its own?'
    start --tally atomic
    client "${eight[@]}"
    shut unlocked
    for n in 1 2; do say $n count; done
    until_is running -eq 2 || true # they may unlock what late.h does not know, and not stop
    open
    hear_numbers 1 2 || {
        [ "$saw" != 'the numbers 1 1 ' ] ||
            look_at 'count() in tally.c: is the write under the lock? Have all threads one number?'
        false
    }
    rm unlocked.gate

    did 'eight asked `count` (--tally atomic); the gate between read and write was shut, then' \
        'opened'
    expected '1 between the lines, 7 outside; then the numbers 3 to 10'
    look_at 'count() in tally.c: has each thread, from before the read until after the write, the' \
        'same lock, and does that keep all others out? Is stop_in_the_middle() between the two?'
    shut tally
    for n in "${eight[@]}"; do say "$n" count; done
    until_taken 10
    until_is waiting -ge 1 || { saw '0 between the lines: is stop_in_the_middle() there?'; false; }
    for ((i = 0; i < 20; i++)); do
        look waiting
        saw "$figure between the lines"
        is "$figure" -le 1
    done
    open
    hear_numbers 3 10
    rm tally.gate

    expected '1 between the lines, and A waits outside'
    mkfifo tally.gate
    exec 6<>tally.gate
    for ((n = 1; n < 20; n++)); do
        start_again --tally atomic
        did "A asked \`count\`, and was stopped at branch $n of its code; B asked, and was" \
            'stopped between read and write; then A went on'
        look_at 'count() in tally.c: may two look at the lock at the same time, and both take it?'
        shut "branch$n"
        client A B
        say A count
        in_time stopped
        rm "branch$n.gate"
        is "$figure" -eq 0 || break # it has come past its last branch, and so has the lock
        say B count
        until_is waiting -eq 1 || true # perhaps it is A that has the lock
        open
        work 1000
        look waiting
        saw "$figure between the lines"
        is "$figure" -le 1
    done
}

@test "2.3 [2] they count on, one after the other, and no number is lost" {
    needs 2.2
    did 'eight asked `count` four times (--tally none); the gate let out one after the other'
    expected 'the numbers 1 to 32'
    look_at 'count() in tally.c: can two get past the lock when it changes hands? And is it held' \
        'whichever function calls count()?'
    shut tally
    start --tally none
    client "${eight[@]}"
    for n in "${eight[@]}"; do say "$n" $'count\ncount\ncount\ncount'; done
    for ((turn = 0; turn < 16; turn++)); do
        until_is waiting -ge 1 || { look_at "$stuck" && false; }
        let_out
    done
    open
    hear_numbers 1 32
}
