#!/usr/bin/env bats
# tests/clients.bats - bin/ask and bin/load: what they print, check and report.

load helpers

SERVER=threaded

@test "ask prints the replies to what stands on its command line, or to each line of its input" {
    start_server
    ask 'echo a' nope >replies # an error is a reply: the status is 0
    same "$(cat replies)" $'a\nerror: unknown request \'nope\', try help'
    same "$(printf 'echo c\necho d\n' | ask)" $'c\nd'
    same "$(printf 'echo a\necho b' | ask)" $'a\nb' # a last line without its end is one, too
    run -1 ask <.
    like "$output" '^ask: stdin: '
    same "$(ask </dev/null)" ''
}

@test "ask prints a reply as soon as it comes" {
    start_server
    mkfifo input
    input=input begin replies ask
    exec 5>input
    echo 'echo one' >&5
    until_lines 1 replies
    echo 'echo two' >&5
    exec 5>&-
    ends_with 0 $!
    same "$(cat replies)" $'one\ntwo'
}

@test "ask: megabytes go there and back" {
    start_server
    awk -v x="$(x 1000)" 'BEGIN { while (++i <= 5000) print "echo " i " " x }' >requests
    ask <requests >replies
    sed 's/^echo //' requests | cmp - replies
}

@test "ask: when the server ends first it says how much is missing, with status 1" {
    start_server
    refuses ask -p "$port" quit count count
    same "$status $(cat printed)" '1 bye'
    same "$(cat said)" 'ask: the server ended with 2 of the requests unanswered'
}

@test "ask: with its stdin closed there is nothing to ask, and it ends" {
    start_server -t 0
    "$BIN/ask" -p "$port" <&- >replies 2>said 3>&- &
    started+=($!)
    while alive $!; do pause; done
    same "$(cat replies said)" ''
}

# start_liar TEXT: a server that says this to each client's first line, whatever it is.
start_liar() {
    [ -z "$server" ] || end_server
    start_other "$BIN/rude" lie "$1"
}

@test "load reports in ten fields, or in sentences for people" {
    start_server
    reports '0 12 0 0' -c 3 -n 4 'echo x'
    awk -F '\t' 'END { exit !(NR == 1 && NF == 10 && $10 == "-") }' report
    [ ! -s said ]
    crowd -c 3 -n 4 count >report
    same "$(head -n 1 report)" 'replies    12, of which wrong 0; missing 0'
    same "$(tail -n 1 report)" 'number     12 is the highest in a reply'
}

@test "load finds a reply that is not what it must be, or that nobody asked for" {
    start_liar $'x\n'
    reports '0 1 0 0' 'echo x'
    reports '1 1 1 0' 'echo y'
    for request in 'primes 10' count who stats help quit 'sleep 0' nope 'sleep x'; do
        reports '1 1 1 0' "$request"
    done
    start_liar $'x\nx\n'
    reports '1 1 1 0' 'echo x'
    start_liar $'4\n'
    reports '0 1 0 0' 'primes 10' # the first reply is what all others must be
    start_liar $'four\n'
    reports '1 1 1 0' 'primes 10'
}

@test "load finds that a reply is missing, or only half there" {
    for text in '' x; do
        start_liar "$text"
        reports '1 0 0 2' -c 2 'echo x'
    done
    start_liar $'x\n'
    reports '1 1 0 2' -n 3 'echo x'
}

@test "load finds a number that was given twice" {
    start_server --tally none --lab
    mkfifo tally.gate
    begin report crowd --tsv -c 2 -n 1 count
    until_stats waiting=2
    exec 4>tally.gate 4>&-
    ends_with 1 $!
    same "$(cut -f 1-3,10 report)" $'2\t1\t0\t1'
}

@test "load: without a server it says so, once, as ask does" {
    start_server
    stop_server
    reports '1 0 0 3' -c 3 'echo x'
    same "$(cat said)" 'load: cannot connect: Connection refused'
    refuses ask -p "$port" help
    same "$status $(cat said)" '1 ask: cannot connect: Connection refused'
}

@test "load: a server that is killed ends it" {
    start_server --lab
    mkfifo door.gate
    begin report crowd --tsv -c 3 -n 2 'hold door'
    until_stats running=3 # so each is connected
    exec 4>door.gate
    kill -KILL "$server"
    ends_with 1 $!
    same "$(cut -f 1-3 report)" $'0\t0\t6'
}

@test "load: --churn makes a new connection for each request" {
    start_server
    reports '0 10 0 0' --churn -c 2 -n 5 quit
    same "$(counter accepted)" 11
}

@test "load: --idle says that it is ready, and asks when its input ends" {
    start_server
    hold_clients 20 'echo here'
    same "$(cat held)" ready
    until_stats clients=21
    pick accepted "$reply"
    accepted=$figure
    pick requests "$reply"
    same $((accepted - figure)) 20 # who have not asked
    let_ask 20
}

@test "load: -P keeps many on their way, and -d ends by itself" {
    start_server
    reports '0 2000 0 0' -c 2 -n 1000 -P 100 'echo x'
    crowd --tsv -c 2 -P 10 -d 1 'echo x' >report
    like "$(cut -f 1 report)" '^[1-9]'
}

@test "load: what does not go together is refused, with status 2" {
    for mistake in '' 'a b' '-n 1 -d 1 help' '--idle -P 2 help' '--churn -P 2 help' '-n 2 quit' \
        '-c 0 help' '-P 1001 help' '-x help'; do
        # shellcheck disable=SC2086
        refuses load $mistake
        same "$status $(wc -l <said | tr -d ' ')" '2 2'
        same "$(tail -n 1 said)" "try 'load --help'"
    done
}

@test "load: -t gives up when nothing comes, or nothing is read, and does not spin" {
    start_server -m 1 # so the second client stays in the backlog
    join 5
    reports '1 0 0 2' -c 2 -t 1 'echo x'
    (ulimit -t 20; reports '1 0 0 1000' -t 1 -P 1000 -n 1000 "echo $(x 8000)")
}

@test "load: thousands may connect at the same time, on a small stack" {
    ! sanitized || skip 'a sanitizer needs more stack'
    [ "$(ulimit -H -n)" = unlimited ] || [ "$(ulimit -H -n)" -ge 4100 ] ||
        skip 'needs 4100 descriptors'
    launch async
    (ulimit -s 256; reports '0 4000 0 0' -c 4000 'echo x')
}

@test "load tries all addresses of a name, as ask does" {
    for address in 127.0.0.1 ::1; do
        start_server -a "$address" 2>/dev/null || skip 'there is no IPv6 here'
        ask -a localhost 'echo x' >/dev/null 2>&1 || skip 'localhost has one address here'
        reports '0 20 0 0' -a localhost -c 20 'echo x'
        [ ! -s said ]
        stop_server
    done
}

@test "wherever descriptors run out, a client ends and does not crash" {
    start_server
    for limit in {4..16}; do
        for how in 'crowd -c 8 --idle' 'crowd -c 8 -n 2 --churn' 'crowd -c 8 -P 2 -n 4' ask; do
            status=0
            # shellcheck disable=SC2086
            (ulimit -n "$limit"; exec='exec' $how 'echo x' </dev/null) >said 2>&1 || status=$?
            [ "$status" -lt 128 ] || { echo "$limit $how: $status"; cat said; return 1; }
        done
    done
}
