#!/usr/bin/env bats
# tests/textbook.bats - the attacks of bin/rude are real: each ends, blocks or confuses a server of
# tests/textbook/, by the mistake that it is there to find.

load helpers

limited() { ulimit -n 64 && exec "$@"; } # so that a flood is one
start_textbook() { start_other limited "${UNITS%/units}/textbook/$1" 0; } # PROGRAM

# all_bite PROGRAM <<<ATTACK VERDICT ...: at the same time. A server may be too slow to be hurt at
# the first try.
all_bite() { SERVERS=$(cat) side_by_side bites "$1"; }
bites() {
    start_textbook "$1"
    case $SERVER in slowloris*) few='-c 5' ;; *) few='' ;; esac
    # shellcheck disable=SC2086
    until rude -t 1 $few "${SERVER%% *}" >verdict 2>&1; grep -q "${SERVER#* }" verdict; do
        pause || { cat verdict; return 1; }
        end_server
        start_textbook "$1"
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
    join 5
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
