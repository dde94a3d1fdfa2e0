#!/usr/bin/env bats
# tests/requests.bats - what goes over the wire, whoever serves. $SERVER is the command: one of
# ours, or any other program that has echo, sleep, primes, count, who, help and quit, and takes
# --port and --port-file.
# shellcheck disable=SC2030,SC2031,SC2034,SC2094,SC2153,SC2154

load helpers

# gives REQUEST REPLY: the reply to one line, to the byte.
gives() {
    local reply
    reply=$(ask "$1")
    [ "$reply" = "$2" ] || { echo "'$1' gives '$reply', not '$2'"; return 1; }
}

# answers INPUT OUTPUT: a whole conversation, to the byte. Both are formats for printf.
answers() {
    # shellcheck disable=SC2059
    printf "$1" | ask >replies
    # shellcheck disable=SC2059
    printf "$2" | cmp - replies
}

@test "it says on stdout where it listens, and nothing else" {
    start_server
    gives 'echo hello' hello
    printf 'listening on 127.0.0.1:%s\n' "$port" | cmp - out
}

@test "one client asks everything, in order" {
    start_server
    printf 'echo hi\nprimes 100\nsleep 50\ncount\nnope\nsleep x\n' | ask >replies
    printf '%s\n' hi 25 'slept 50' 1 "error: unknown request 'nope', try help" \
        'error: sleep takes 0 to 60000 milliseconds' | cmp - replies
}

@test "echo gives back every byte but the line end" {
    start_server
    answers 'echo\necho \necho  two spaces \n' '\n\n two spaces \n'
    answers 'echo \001\002\r\t\177\200\377z\n' '\001\002\r\t\177\200\377z\n'
    answers 'echo \000\necho \000a\000\n' '\000\n\000a\000\n'
}

@test "a line may end in CR LF, and only the last CR belongs to the end" {
    start_server
    answers 'echo a\r\necho b\r\r\ncount\r\nprimes 10\r\necho\r\n' 'a\nb\r\n1\n4\n\n'
}

@test "primes are counted right" {
    start_server
    answers 'primes 0\nprimes 1\nprimes 2\nprimes 3\nprimes 4\n' '0\n0\n1\n2\n2\n'
    answers 'primes 10\nprimes 121\nprimes 0169\n' '4\n30\n39\n'
    gives 'primes 10000' 1229
}

@test "sleep says how long it slept, also not at all" {
    start_server
    answers 'sleep 0\nsleep 7\nsleep 007\n' 'slept 0\nslept 7\nslept 7\n'
}

@test "a number that is missing, no number, or out of range is refused" {
    start_server
    for number in '' ' ' '  ' ' 60001' ' -1' ' +1' ' 1.5' ' 1 ' '  1' ' x' ' 0x1' ' 1e3' \
        ' 99999999999999999999' ' 18446744073709551617'; do
        printf 'sleep%s\n' "$number"
    done >requests
    printf 'sleep 1\001\nsleep 1\000\nsleep \200\n' >>requests
    ask <requests | sort | uniq -c >replies
    like "$(cat replies)" '^ *17 error: sleep takes 0 to 60000 milliseconds$'
    answers 'primes\nprimes 10000001\necho still here\n' \
        'error: primes takes 0 to 10000000\nerror: primes takes 0 to 10000000\nstill here\n'
}

@test "the longest sleep is taken, and holds up nobody" {
    start_server
    connect 5
    say 5 'sleep 60000'
    connect 6
    say 6 'sleep 100'
    hears 6 'slept 100'
    fails read -r -t 0 -u 5 # no error has come
}

@test "count goes up by one, for all clients together" {
    start_server
    gives count 1
    gives count 2
    answers 'count\ncount\n' '3\n4\n'
}

@test "eight clients that count a thousand times each end at 8000" {
    start_server
    crowd --tsv -c 8 -n 1000 count >report
    same "$(cut -f 1-3,10 report)" $'8000\t0\t0\t8000'
}

@test "a hundred clients sleep, and each is told so" {
    start_server
    crowd --tsv -c 100 -n 1 'sleep 100' >report
    same "$(cut -f 1-3 report)" $'100\t0\t0'
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
    answers 'a\001b\200\tc\000\n' "error: unknown request 'a?b??c?', try help\n"
    answers 'echo\000\n' "error: unknown request 'echo?', try help\n"
}

@test "requests that take nothing say so" {
    start_server
    gives 'count 1' 'error: count takes nothing after it'
    gives 'who ' 'error: who takes nothing after it'
    gives 'quit now' 'error: quit takes nothing after it'
}

@test "unless it is allowed nobody can hold or crash it" {
    start_server
    gives 'crash' "error: unknown request 'crash', try help"
    gives 'hold door' "error: unknown request 'hold', try help"
}

@test "who tells the process, the thread and the client's number" {
    start_server
    like "$(ask who)" '^process [0-9]+ thread [0-9]+ client 1$'
    like "$(ask who)" '^process [0-9]+ thread [0-9]+ client 2$'
}

@test "help names the requests" {
    start_server
    like "$(ask help)" '^echo TEXT, sleep MS, primes N, count, who, (stats, )?help, quit$'
}

@test "quit says bye and ends; what follows is not served" {
    start_server
    connect 5
    printf 'echo one\nquit\ncount\n' >&5
    hears 5 one
    hears 5 bye
    hears_end 5
    gives count 1
}

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

@test "a line without an end is answered as soon as it is too long, and only once" {
    start_server
    connect 5
    x 8192 >&5
    hears 5 'error: line longer than 8192 bytes'
    x 9000 >&5
    printf 'more of it\necho next\n' >&5
    hears 5 next
}

@test "half a request at the end is not served" {
    start_server
    answers 'echo one\ncount' 'one\n'
    answers 'count\r' ''
    gives count 1
}

@test "bytes may come one by one" {
    start_server
    same "$(rude byte-at-a-time)" $'one\n25\ntwo'
}

@test "who says that this was all still gets every reply" {
    start_server
    same "$(rude half-close)" $'one\nslept 50\ntwo'
}

@test "a thousand requests at once are answered in order" {
    start_server
    seq -f 'echo %g' 1000 | ask >replies
    seq 1000 | cmp - replies
}

@test "many clients and deep pipelines: every reply is right" {
    start_server
    crowd --tsv -c 20 -n 200 -P 50 'echo abcdefghijklmnopqrstuvwxyz' >report
    same "$(cut -f 1-3 report)" $'4000\t0\t0'
}

@test "replies larger than any buffer arrive whole" {
    start_server
    crowd --tsv -c 4 -n 100 -P 20 "echo $(x 8000)" >report
    same "$(cut -f 1-3 report)" $'400\t0\t0'
}

@test "clients that break off harm nobody" {
    start_server
    for ((i = 0; i < 5; i++)); do
        connect 5
        exec 5>&-
        rude -c 5 reset-in-request
        rude reset-in-reply
    done
    gives 'echo still here' 'still here'
}
