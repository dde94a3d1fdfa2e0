#!/usr/bin/env bats
# tests/requests.bats - what goes over the wire, the same for every server. All of $SERVERS and
# $OUR_SPEAKERS are started once, and each conversation is played with all of them at the same time.
# They may be ours, or any other program that has echo, sleep, primes, count, who, help and quit,
# and takes --port and --port-file.
#
# Each line of a conversation is a step: > is sent, < is the reply. See tests/units/play.c.

load helpers
load players

SERVERS=$SERVERS${OUR_SPEAKERS:+$'\n'$OUR_SPEAKERS}

@test "clients are numbered from 1, and count goes up by one for all of them together" {
    play <<'END'
    1> who
    1~ ^process [0-9]+ thread [0-9]+ client 1$
    2> who
    2~ ^process [0-9]+ thread [0-9]+ client 2$
    1> count
    1< 1
    2> count
    2< 2
    3> count
    3> count
    3< 3
    3< 4
END
}

listens() {
    until_lines 1 "$BATS_FILE_TMPDIR/$number/out"
    printf 'listening on 127.0.0.1:%s\n' "$port" | cmp - "$BATS_FILE_TMPDIR/$number/out"
}

@test "it says on stdout where it listens, and nothing else" { each listens; }

@test "one client asks everything, in order" {
    play <<'END'
    > echo hi
    > primes 100
    > sleep 50
    > count
    > nope
    > sleep x
    < hi
    < 25
    < slept 50
    < {n}
    < error: unknown request 'nope', try help
    < error: sleep takes 0 to 60000 milliseconds
END
}

@test "echo gives back every byte but the line end, LF or CR LF" {
    play <<'END'
    > echo
    > echo\040
    > echo  two spaces\040
    > echo \001\002\r\t\177\200\377z
    > echo \000
    > echo \000a\000
    <
    <
    <  two spaces\040
    < \001\002\r\t\177\200\377z
    < \000
    < \000a\000
    > echo a\r
    > echo b\r\r
    > primes 10\r
    > echo\r
    < a
    < b\r
    < 4
    <
    > count\r
    < {n}
END
}

@test "primes are counted right, and sleep says how long it slept, also not at all" {
    play <<'END'
    > primes 0
    > primes 1
    > primes 2
    > primes 3
    > primes 4
    < 0
    < 0
    < 1
    < 2
    < 2
    > primes 10
    > primes 121
    > primes 0169
    > primes 10000
    < 4
    < 30
    < 39
    < 1229
    > sleep 0
    > sleep 007
    < slept 0
    < slept 7
END
}

@test "a number that is missing, no number, or out of range is refused" {
    bad=('' ' ' '  ' ' 60001' ' -1' ' +1' ' 1.5' ' 1 ' '  1' ' x' ' 0x1' ' 1e3'
        ' 99999999999999999999' ' 18446744073709551617' ' 1\001' ' 1\000' ' \200')
    play <<END
$(printf '> sleep%s\n' "${bad[@]}")
$(printf '< error: sleep takes 0 to 60000 milliseconds%.0s\n' "${bad[@]}")
    > primes
    > primes 10000001
    > echo still here
    < error: primes takes 0 to 10000000
    < error: primes takes 0 to 10000000
    < still here
END
}

# With a server of its own, for it would not have slept enough when the others are to stop.
sleep_longest() {
    start_server
    connect 5
    say 5 'sleep 60000'
    connect 6
    say 6 'sleep 100'
    hears 6 'slept 100'
    fails read -r -t 0 -u 5 # no error has come
}

@test "the longest sleep is taken, and holds up nobody" { side_by_side sleep_longest; }

eight_count() {
    request count
    before=$reply
    reports '0 8000 0 0' -c 8 -n 1000 count
    same "$(cut -f 10 report)" $((before + 8000))
}

@test "eight clients that count a thousand times each count 8000 more" { each eight_count; }

@test "forty clients sleep, and each is told so" { each reports '0 40 0 0' -c 40 -n 1 'sleep 100'; }

@test "an unknown request is shown, cut at 32 bytes, with ? for what does not print" {
    play <<'END'
    > Echo x
    >
    >  echo
    > abcdefghijklmnopqrstuvwxyz012345
    > abcdefghijklmnopqrstuvwxyz0123456
    > a\001b\200\tc\000
    > echo\000
    < error: unknown request 'Echo', try help
    < error: unknown request '', try help
    < error: unknown request '', try help
    < error: unknown request 'abcdefghijklmnopqrstuvwxyz012345', try help
    < error: unknown request 'abcdefghijklmnopqrstuvwxyz012345', try help
    < error: unknown request 'a?b??c?', try help
    < error: unknown request 'echo?', try help
END
}

@test "requests that take nothing say so, and nobody can hold or crash the server" {
    play <<'END'
    > count 1
    > who\040
    > quit now
    > crash
    > hold door
    < error: count takes nothing after it
    < error: who takes nothing after it
    < error: quit takes nothing after it
    < error: unknown request 'crash', try help
    < error: unknown request 'hold', try help
END
}

@test "help names the requests" {
    play <<'END'
    > help
    ~ ^echo TEXT, sleep MS, primes N, count, who, (stats, )?help, quit$
END
}

@test "quit says bye and ends; what follows is not served" {
    play <<'END'
    1> count
    1< {n}
    2> echo one
    2> quit
    2> count
    2< one
    2< bye
    2- end
    1> count
    1< {n+1}
END
}

@test "a line longer than 8192 bytes is answered as soon as it is, and once" {
    play <<'END'
    > echo {x*8186}
    > echo {x*8187}
    > echo after
    < {x*8186}
    < error: line longer than 8192 bytes
    < after
    > echo {x*8185}\r
    > echo {x*8186}\r
    > echo after\r
    < {x*8185}
    < error: line longer than 8192 bytes
    < after
    >| {x*8192}
    < error: line longer than 8192 bytes
    >| {x*100000}
    > more of it
    > echo next
    < next
END
}

@test "half a request at the end is not served" {
    play <<'END'
    > count
    < {n}
    2> echo one
    2>| count
    2< one
    2- finish
    3>| count\r
    3- finish
    > count
    < {n+1}
END
}

@test "bytes may come one by one" { each rude byte-at-a-time; }

@test "who says that this was all still gets every reply" { each rude half-close; }

@test "a thousand requests at once are answered in order" {
    play <<<"$(printf '> echo %s\n' {1..1000}; printf '< %s\n' {1..1000})"
}

@test "many clients and deep pipelines: every reply is right" {
    each reports '0 4000 0 0' -c 20 -n 200 -P 50 'echo abcdefghijklmnopqrstuvwxyz'
}

@test "replies larger than any buffer arrive whole" {
    each reports '0 400 0 0' -c 4 -n 100 -P 20 "echo $(x 8000)"
}

break_off() {
    for ((i = 0; i < 2; i++)); do
        connect 5
        exec 5>&-
        rude -c 3 reset-in-request
        rude reset-in-reply
    done
    same "$(ask 'sleep 50' 'echo still here')" $'slept 50\nstill here' # ask half-closes at once
}

@test "clients that break off harm nobody" { each break_off; }
