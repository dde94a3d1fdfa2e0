#!/usr/bin/env bats
# tests/requests.bats - what goes over the wire, whoever serves. $SERVER is the command.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154

load helpers

# gives REQUEST REPLY: the reply to one line, to the byte.
gives() {
    [ "$(ask "$1")" = "$2" ] || { echo "'$1' gives '$(ask "$1")', not '$2'"; return 1; }
}

@test "it says on stdout where it listens, and nothing else" {
    start_server
    gives 'echo hello' hello
    [ "$(cat out)" = "listening on 127.0.0.1:$port" ]
}

@test "one client asks everything, in order" {
    start_server
    printf 'echo hi\nprimes 100\nsleep 50\ncount\nnope\nsleep x\n' | ask >replies
    printf '%s\n' hi 25 'slept 50' 1 "error: unknown request 'nope', try help" \
        'error: sleep takes 0 to 60000 milliseconds' | cmp - replies
}

@test "echo gives back every byte but the line end" {
    start_server
    gives 'echo' ''
    gives 'echo ' ''
    gives 'echo   two spaces more ' '  two spaces more '
    printf 'echo \001\002\r\t\200\377\000z\n' | ask >replies
    printf '\001\002\r\t\200\377\000z\n' | cmp - replies
}

@test "a line may end in CR LF, and only the last CR belongs to the end" {
    start_server
    printf 'echo a\r\necho b\r\r\ncount\r\nprimes 10\r\n' | ask >replies
    printf 'a\nb\r\n1\n4\n' | cmp - replies
}

@test "primes are counted right" {
    start_server
    gives 'primes 0' 0
    gives 'primes 1' 0
    gives 'primes 2' 1
    gives 'primes 10' 4
    gives 'primes 1000' 168
    gives 'primes 100000' 9592
}

@test "sleep says how long it slept, also not at all" {
    start_server
    gives 'sleep 0' 'slept 0'
    gives 'sleep 7' 'slept 7'
    gives 'sleep 007' 'slept 7'
}

@test "a number that is missing, no number, or out of range is refused" {
    start_server
    for number in '' ' ' ' 60001' ' -1' ' +1' ' 1.5' ' 1 ' '  1' ' x' ' 99999999999999999999'; do
        gives "sleep$number" 'error: sleep takes 0 to 60000 milliseconds'
    done
    gives 'primes' 'error: primes takes 0 to 10000000'
    gives 'primes 10000001' 'error: primes takes 0 to 10000000'
    gives 'echo still here' 'still here'
}

@test "count goes up by one, for all clients together" {
    start_server
    gives count 1
    gives count 2
    printf 'count\ncount\n' | ask >replies
    printf '3\n4\n' | cmp - replies
}

@test "eight clients that count a thousand times each end at 8000" {
    start_server
    crowd --tsv -c 8 -n 1000 count >report
    [ "$(cut -f 1-3,10 report)" = $'8000\t0\t0\t8000' ]
}

@test "an unknown request is shown, cut at 32 bytes, with ? for what does not print" {
    start_server
    gives 'Echo x' "error: unknown request 'Echo', try help"
    gives '' "error: unknown request '', try help"
    gives ' echo' "error: unknown request '', try help"
    gives 'abcdefghijklmnopqrstuvwxyz012345' \
        "error: unknown request 'abcdefghijklmnopqrstuvwxyz012345', try help"
    gives 'abcdefghijklmnopqrstuvwxyz0123456' \
        "error: unknown request 'abcdefghijklmnopqrstuvwxyz012345', try help"
    printf 'a\001b\200\tc\000\n' | ask >replies
    printf "error: unknown request 'a?b??c?', try help\n" | cmp - replies
}

@test "requests that take nothing say so" {
    start_server
    gives 'count 1' 'error: count takes nothing after it'
    gives 'quit now' 'error: quit takes nothing after it'
}

@test "without --lab nobody can hold or crash it" {
    start_server
    gives 'crash' "error: unknown request 'crash', try help"
    gives 'hold door' "error: unknown request 'hold', try help"
}

@test "who tells the process, the thread and the client's number" {
    start_server
    [[ $(ask who) =~ ^process\ [0-9]+\ thread\ [0-9]+\ client\ 1$ ]]
    [[ $(ask who) =~ ^process\ [0-9]+\ thread\ [0-9]+\ client\ 2$ ]]
}

@test "help names the requests" {
    start_server
    [[ $(ask help) == 'echo TEXT, sleep MS, primes N, count, who, '*'help, quit' ]]
}

@test "quit says bye and ends; what follows is not served" {
    start_server
    run ask 'echo one' quit 'echo two'
    [ "$status" -eq 1 ]
    [ "${lines[0]}" = one ]
    [ "${lines[1]}" = bye ]
    [ "${lines[2]}" = 'ask: the server ended with 1 of the requests unanswered' ]
}

# x N: so many of them.
x() { printf "%$1s" '' | tr ' ' x; }

@test "a line may have 8192 bytes with its end, and not one more" {
    start_server
    { printf 'echo '; x 8186; printf '\necho '; x 8187; printf '\necho after\n'; } | ask >replies
    { x 8186; printf '\nerror: line longer than 8192 bytes\nafter\n'; } | cmp - replies
    { printf 'echo '; x 8185; printf '\r\necho '; x 8186; printf '\r\necho after\n'; } | ask >replies
    { x 8185; printf '\nerror: line longer than 8192 bytes\nafter\n'; } | cmp - replies
}

@test "a line far too long is answered once, and the next one is served" {
    start_server
    { printf 'echo '; x 100000; printf '\necho after\n'; } | ask >replies
    printf 'error: line longer than 8192 bytes\nafter\n' | cmp - replies
}

@test "a line without an end is answered as soon as it is too long" {
    start_server
    connect 5
    x 8192 >&5
    hear 5
    [ "$line" = 'error: line longer than 8192 bytes' ]
    printf 'more of it\necho next\n' >&5
    hear 5
    [ "$line" = next ]
}

@test "half a request at the end is not served" {
    start_server
    printf 'echo one\ncount' | ask >replies
    printf 'one\n' | cmp - replies
    gives count 1
}

@test "bytes may come one by one" {
    start_server
    connect 5
    for byte in e c h o ' ' h i $'\n'; do printf '%s' "$byte" >&5; done
    hear 5
    [ "$line" = hi ]
}

@test "a thousand requests at once are answered in order" {
    start_server
    for ((i = 0; i < 1000; i++)); do echo "echo $i"; done >requests
    ask <requests >replies
    sed 's/echo //' requests | cmp - replies
}

@test "many clients and deep pipelines: every reply is right" {
    start_server
    crowd --tsv -c 20 -n 200 -P 50 'echo abcdefghijklmnopqrstuvwxyz' >report
    [ "$(cut -f 1-3 report)" = $'4000\t0\t0' ]
}

@test "replies larger than any buffer arrive whole" {
    start_server
    long=$(x 8000)
    crowd --tsv -c 4 -n 100 -P 20 "echo $long" >report
    [ "$(cut -f 1-3 report)" = $'400\t0\t0' ]
}

@test "a client that is gone at once harms nobody" {
    start_server
    for ((i = 0; i < 20; i++)); do
        connect 5
        exec 5>&-
        clumsy reset-in-request
        clumsy reset-in-reply
    done
    gives 'echo still here' 'still here'
}
