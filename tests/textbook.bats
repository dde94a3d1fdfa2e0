#!/usr/bin/env bats
# tests/textbook.bats - the attacks of bin/rude are real: each ends, blocks or confuses a server of
# tests/textbook/, by the mistake that it is there to find.

load helpers

start_textbook() { # PROGRAM
    (
        ulimit -n 64
        exec "${UNITS%/units}/textbook/$1" 0 3>&-
    ) >out 2>err &
    server=$!
    until IFS=: read -r _ port <out; do alive "$server"; pause; done
}

# bites ATTACK PROGRAM VERDICT: in the end. A server may be too slow to be hurt at the first try.
bites() {
    local few
    start_textbook "$2"
    case $1 in slowloris) few='-c 5' ;; *) few='' ;; esac
    # shellcheck disable=SC2086
    until rude -t 1 $few "$1" >verdict 2>&1; grep -q "$3" verdict; do
        pause || { cat verdict; return 1; }
        end_server
        start_textbook "$2"
    done
    end_server
}

# all_bite PROGRAM <<<ATTACK VERDICT ...: at the same time, each in a directory of its own.
all_bite() {
    local attack verdict attacks=() processes=() i
    while read -r attack verdict; do
        mkdir "$attack"
        (cd "$attack" && bites "$attack" "$1" "$verdict" >said 2>&1) &
        attacks+=("$attack")
        processes+=($!)
    done
    for i in "${!processes[@]}"; do
        wait "${processes[i]}" || { echo "${attacks[i]}: $(cat "${attacks[i]}/said")"; return 1; }
    done
}

@test "threads: a reset or a closed connection ends the server, one read is taken for one line" {
    all_bite threads <<'END'
reset-before-accept no longer answers
reset-in-request no longer answers
reset-in-reply no longer answers
leave-early no longer answers
flood no longer answers
byte-at-a-time answered wrongly
thousand-at-once answered wrongly
talk-on answered wrongly
END
}

@test "processes: the parent keeps each socket, so no client hears the end and they run out" {
    all_bite processes <<'END'
half-close answered wrongly
reset-before-accept no longer answers
flood no longer answers
END
}

@test "processes: each client leaves a zombie" {
    need_proc
    need_children
    start_textbook processes
    connect 5
    say 5 'echo b'
    hears 5 b
    exec 5>&-
    read -ra children <<<"$(children_of "$server")"
    for child in "${children[@]}"; do
        until [ "$(state_of "$child")" = Z ]; do pause; done
    done
}

@test "poll: a read or a write that waits blocks all, a wrong request ends the server" {
    all_bite poll <<'END'
endless-line kept others waiting
never-read kept others waiting
tiny-window kept others waiting
slowloris kept others waiting
garbage no longer answers
flood no longer answers
thousand-at-once answered wrongly
urgent answered wrongly
END
}
