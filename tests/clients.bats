#!/usr/bin/env bats
# tests/clients.bats - bin/load and bin/ask themselves: what they check, and what they report.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154

load helpers

SERVER=threaded

@test "load reports in ten fields" {
    start_server
    crowd --tsv -c 3 -n 4 'echo x' >report
    [ "$(wc -l <report)" -eq 1 ]
    [ "$(tr '\t' '\n' <report | wc -l)" -eq 10 ]
    [ "$(cut -f 1-3,10 report)" = $'12\t0\t0\t-' ]
}

@test "load finds a number that was given twice" {
    start_server --tally none --lab
    mkfifo tally.gate
    crowd --tsv -c 2 -n 1 count >report 3>&- &
    until_stat waiting 2
    exec 4>tally.gate 4>&-
    fails wait $!
    [ "$(cut -f 1-3,10 report)" = $'2\t1\t0\t1' ]
}

@test "load finds a reply that is not what it must be" {
    start_server
    run -1 crowd --tsv 'hold door' # an error, as the server allows no --lab
    [ "$(cut -f 1-3 <<<"$output")" = $'1\t1\t0' ]
}

@test "load finds replies that are missing" {
    start_server --lab
    run -1 crowd --tsv -c 3 -n 2 crash
    [[ $output == *$'\t0\t6\t'* ]]
    server=''
}

@test "load without a server says so once" {
    port=1
    run -1 crowd -c 3 'echo x'
    [ "$(grep -c 'cannot connect: Connection refused' <<<"$output")" -eq 1 ]
}

@test "load --churn makes a new connection for each request" {
    start_server
    crowd --tsv --churn -c 2 -n 5 'echo x' >report
    [ "$(stat accepted)" -eq 11 ]
}

@test "load -d ends by itself" {
    start_server
    crowd --tsv -c 2 -d 1 'echo x' >report
    [ "$(cut -f 2-3 report)" = $'0\t0' ]
    [ "$(cut -f 1 report)" -gt 0 ]
}

@test "load refuses what does not go together, with status 2" {
    port=1
    for mistake in '' 'a b' '-n 1 -d 1 help' '--idle -n 2 help' '--churn -P 2 help' '-n 2 quit' \
        '-c 0 help' '-P 1001 help' '-x help'; do
        # shellcheck disable=SC2086
        run -2 crowd $mistake
        [ "${#lines[@]}" -eq 2 ]
        [ "${lines[1]}" = "try 'load --help'" ]
    done
}

@test "ask prints the replies, and fails when one is missing" {
    start_server
    [ "$(ask 'echo a' 'echo b')" = $'a\nb' ]
    [ "$(printf 'echo c\necho d\n' | ask)" = $'c\nd' ]
    run -1 ask quit count
}

@test "ask without a server says so" {
    port=1
    run -1 ask help
    [ "$output" = 'ask: cannot connect: Connection refused' ]
}
