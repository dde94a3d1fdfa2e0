#!/usr/bin/env bats
# tests/options.bats - the command lines of all programs: mistakes are named, help is given.
# shellcheck disable=SC2030,SC2031,SC2034,SC2094,SC2153,SC2154

load helpers

servers='threaded forked async'
all="$servers load ask"

# complains_that PROGRAM TEXT: status 2, and two lines: the mistake, and where help is.
complains_that() {
    same "$status" 2
    [ ! -s printed ]
    printf '%s\n' "$1: $2" "try '$1 --help'" | diff - said
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
}

@test "help that cannot be written is status 1" {
    [ -w /dev/full ] || skip 'needs /dev/full'
    for name in $all; do
        status=0
        "$BIN/$name" --help >/dev/full 2>said || status=$?
        same "$status" 1
        same "$(cat said)" "$name: stdout: No space left on device"
    done
}

@test "an option that there is not is named" {
    for name in $all; do
        refuses "$name" --nonsense
        complains_that "$name" "unknown or ambiguous option '--nonsense'"
        refuses "$name" -Z
        complains_that "$name" "unknown option '-Z'"
    done
}

@test "a port that is none is named" {
    for name in $servers; do
        for port in x 65536 -1 1.5 '' ' 1' 99999999999999999999; do
            refuses "$name" -p "$port"
            complains_that "$name" "--port takes a whole number from 0 to 65535, not '$port'"
        done
    done
    for name in load ask; do
        refuses "$name" -p 0 help
        complains_that "$name" "--port takes a whole number from 1 to 65535, not '0'"
    done
}

@test "an argument that is missing, or too much, is named" {
    for name in $all; do
        refuses "$name" -p
        complains_that "$name" '--port needs PORT'
        refuses "$name" --address=
        complains_that "$name" '--address takes ADDR, not an empty word'
    done
    for name in $servers; do
        refuses "$name" --verbose=yes
        complains_that "$name" "--verbose takes nothing, so not '--verbose=yes'"
        refuses "$name" word
        complains_that "$name" "takes no argument, so not 'word'"
    done
}

@test "numbers out of their range are named" {
    for name in $servers; do
        refuses "$name" -m 0
        complains_that "$name" "--max-clients takes a whole number from 1 to 1000000, not '0'"
        refuses "$name" -b 65536
        complains_that "$name" "--backlog takes a whole number from 1 to 65535, not '65536'"
        refuses "$name" --timeout 1.5
        complains_that "$name" "--timeout takes a whole number from 0 to 86400, not '1.5'"
    done
    refuses threaded -n 0
    complains_that threaded "--threads takes a whole number from 1 to 10000, not '0'"
    refuses forked -n many
    complains_that forked "--processes takes a whole number from 1 to 1000, not 'many'"
}

@test "a pool larger than --max-clients is refused" {
    refuses threaded -n 5 -m 4
    complains_that threaded '--threads 5 serves more at a time than --max-clients 4 allows'
    refuses forked -n 5 -m 4
    complains_that forked '--processes 5 serves more at a time than --max-clients 4 allows'
    refuses async -n 5 -m 4
    complains_that async '--loops 5 serves more at a time than --max-clients 4 allows'
}

@test "a word that is not among those to choose from is named, with them" {
    refuses threaded --tally luck
    complains_that threaded "--tally takes mutex, atomic or none, not 'luck'"
    refuses async --backend pigeon
    same "$status" 2
    like "$(head -n 1 said)" "^async: --backend takes .*poll.*, not 'pigeon'$"
}
