#!/usr/bin/env bats
# tests/ask.bats - bin/ask itself.
# shellcheck disable=SC2030,SC2031,SC2034,SC2094,SC2153,SC2154

load helpers

SERVER=threaded

@test "it prints the replies to what stands on its command line" {
    start_server
    same "$(ask 'echo a' 'primes 10')" $'a\n4'
}

@test "it prints the replies to each line of its input" {
    start_server
    same "$(printf 'echo c\necho d\n' | ask)" $'c\nd'
    same "$(printf '' | ask)" ''
}

@test "a last line without its end is a request, too" {
    start_server
    same "$(printf 'echo a\necho b' | ask)" $'a\nb'
    same "$(printf '' | ask)" ''
}

@test "it prints a reply as soon as it comes" {
    start_server
    mkfifo input
    (exec "$BIN/ask" -p "$port" 3>&- 5>&-) <input >replies &
    started+=($!)
    exec 5>input
    echo 'echo one' >&5
    until_lines 1 replies
    echo 'echo two' >&5
    exec 5>&-
    ends_with 0 $!
    same "$(cat replies)" $'one\ntwo'
}

@test "an error is a reply: its status is 0" {
    start_server
    same "$(ask nope)" "error: unknown request 'nope', try help"
}

@test "megabytes go there and back" {
    start_server
    awk -v x="$(x 1000)" 'BEGIN { while (++i <= 5000) print "echo " i " " x }' >requests
    ask <requests >replies
    sed 's/^echo //' requests | cmp - replies
}

@test "when the server ends first it says how much is missing, with status 1" {
    start_server
    refuses ask -p "$port" quit count count
    same "$status $(cat printed)" '1 bye'
    same "$(cat said)" 'ask: the server ended with 2 of the requests unanswered'
}

@test "without a server it says so, with status 1" {
    start_server
    stop_server
    refuses ask -p "$port" help
    same "$status $(cat said)" '1 ask: cannot connect: Connection refused'
}

@test "an address that nobody knows is one sentence" {
    refuses ask -a 'no such name' help
    same "$status" 1
    like "$(cat said)" '^ask: no such name: '
    same "$(wc -l <said | tr -d ' ')" 1
}

@test "a full disk under its output is status 1" {
    [ -w /dev/full ] || skip 'needs /dev/full'
    start_server
    status=0
    ask 'echo x' >/dev/full 2>said || status=$?
    same "$status $(cat said)" '1 ask: stdout: No space left on device'
}

@test "with its stdin closed there is nothing to ask, and it ends" {
    start_server -t 0
    "$BIN/ask" -p "$port" <&- >replies 2>said 3>&- &
    started+=($!)
    while alive $!; do pause; done
    same "$(cat replies said)" ''
}
