#!/usr/bin/env bats
# tests/options.bats - the command lines of all programs: mistakes are named, help is given.

load helpers

servers='threaded forked async'
all="$servers load ask"

# complains TEXT PROGRAM [OPTION]...: it names this mistake, says where help is, and does no more.
complains() {
    refuses "${@:2}"
    same "$status" 2
    [ ! -s printed ]
    printf '%s\n' "$2: $1" "try '$2 --help'" | diff - said
}

@test "--help and --version go to stdout, with status 0" {
    for name in $all; do
        for letter in -h --help -V --version; do
            refuses "$name" $letter
            same "$status" 0
            [ ! -s said ]
            case $letter in
            *h*) like "$(head -n 1 printed)" "^usage: $name \[OPTION\]" ;;
            *) like "$(cat printed)" "^$name [0-9]+\.[0-9.]+$" ;;
            esac
        done
    done
}

# tells PROGRAM OPTION...: these, and no others.
tells() {
    "$BIN/$1" --help >help
    same "$(sed -n 's/^  [-, a-zA-Z]\{4\}--\([a-z-]*\).*/\1/p' help | tr '\n' ' ')" "${*:2} "
    same "$(awk 'length > 100' help)" ''
}

@test "the help tells every option in a line that fits" {
    shared='address port port-file backlog max-clients timeout trace lab verbose'
    # shellcheck disable=SC2086
    {
        tells threaded $shared threads gil tally help version
        tells forked $shared processes tally help version
        tells async $shared loops workers backend slow-callback callbacks help version
        tells load address port clients requests duration pipeline churn idle raw timeout tsv help \
            version
        tells ask address port help version
    }
    same "$("$BIN/threaded" -h | grep -cE '\((127.0.0.1|9000|4096|60|mutex)\)$')" 6 # the defaults
}

@test "what cannot be written is status 1: the help, or replies, or a report" {
    [ -w /dev/full ] || skip 'needs /dev/full'
    launch threaded
    for words in 'threaded -h' 'forked -h' 'async -h' 'ask -h' 'load -h' \
        "ask -p $port help" "load -p $port help"; do
        status=0
        # shellcheck disable=SC2086
        "$BIN"/$words >/dev/full 2>said || status=$?
        same "$status $(cat said)" "1 ${words%% *}: stdout: No space left on device"
    done
}

@test "an option that there is not, and an argument that is missing or too much, are named" {
    for name in $all; do
        complains "unknown or ambiguous option '--nonsense'" "$name" --nonsense
        complains "unknown option '-Z'" "$name" -Z
        complains '--port needs PORT' "$name" -p
        complains '--address takes ADDR, not an empty word' "$name" --address=
    done
    for name in $servers; do
        complains "--verbose takes nothing, so not '--verbose=yes'" "$name" --verbose=yes
        complains "takes no argument, so not 'word'" "$name" word
    done
}

@test "what is no number, or out of its range, is named" {
    for port in x 65536 -1 1.5 '' ' 1' 99999999999999999999; do
        complains "--port takes a whole number from 0 to 65535, not '$port'" forked -p "$port"
    done
    for name in load ask; do
        complains "--port takes a whole number from 1 to 65535, not '0'" "$name" -p 0 help
    done
    complains "--max-clients takes a whole number from 1 to 1000000, not '0'" threaded -m 0
    complains "--backlog takes a whole number from 1 to 65535, not '65536'" forked -b 65536
    complains "--timeout takes a whole number from 0 to 86400, not '1.5'" async -t 1.5
    complains "--threads takes a whole number from 1 to 10000, not '0'" threaded -n 0
    complains "--processes takes a whole number from 1 to 1000, not 'many'" forked -n many
}

@test "a pool larger than --max-clients is refused" {
    too_large='5 serves more at a time than --max-clients 4 allows'
    complains "--threads $too_large" threaded -n 5 -m 4
    complains "--processes $too_large" forked -n 5 -m 4
    complains "--loops $too_large" async -n 5 -m 4
}

@test "a word that is not among those to choose from is named, with them" {
    complains "--tally takes mutex, atomic or none, not 'luck'" threaded --tally luck
    refuses async --backend pigeon
    same "$status" 2
    like "$(head -n 1 said)" "^async: --backend takes .*poll.*, not 'pigeon'$"
}

@test "a tool names a mistake as well, and does no more" {
    while read -r tool words; do
        status=0
        # shellcheck disable=SC2086
        "$ROOT/$tool" $words >printed 2>said || status=$?
        same "$status" 2
        [ ! -s printed ]
        like "$(head -n 1 said)" "^${tool##*/}: "
    done <<'END'
tutorial/tools/demo --nonsense
tutorial/tools/demo word
tutorial/tools/demo --claim
tutorial/tools/demo --claim 9
tutorial/tools/report --only everything
tutorial/tools/timeline
tutorial/tools/timeline one two
tutorial/tools/timeline --from x trace
tutorial/tools/timeline --from 5 --to 5 trace
tutorial/tools/timeline --tracks all trace
tutorial/tools/timeline --width 10 trace
tests/bench/bench --only everything
tests/bench/bench --rounds 0
tests/bench/bench --with /no/such/place
END
}
