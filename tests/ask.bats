#!/usr/bin/env bats
# tests/ask.bats - bin/ask itself.

load helpers

SERVER=threaded

@test "it prints the replies to what stands on its command line, or to each line of its input" {
    start_server
    ask 'echo a' nope >replies # an error is a reply: the status is 0
    same "$(cat replies)" $'a\nerror: unknown request \'nope\', try help'
    same "$(printf 'echo c\necho d\n' | ask)" $'c\nd'
    same "$(printf 'echo a\necho b' | ask)" $'a\nb' # a last line without its end is one, too
    same "$(ask </dev/null)" ''
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

@test "with its stdin closed there is nothing to ask, and it ends" {
    start_server -t 0
    "$BIN/ask" -p "$port" <&- >replies 2>said 3>&- &
    started+=($!)
    while alive $!; do pause; done
    same "$(cat replies said)" ''
}
