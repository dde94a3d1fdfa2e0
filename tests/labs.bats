#!/usr/bin/env bats
# tests/labs.bats - the labs: the starter fails the points that its page names, the solution none,
# and each wrong answer exactly those that its first line names. Wrong answers, most of which are
# patches of the solution, are checked by `make test-all', which sets OUR_ALL.
# shellcheck disable=SC2016,SC2154

load helpers

answers=${UNITS%/units}/labs

# fails_as_said PROGRAM TEXT: it fails the points that are named in TEXT, "... fails 2.1 2.2: ..."
fails_as_said() {
    local status=0 wanted points
    wanted=$(sed -n 's/ and /, /g
        s/.*fails \([0-9]\.[0-9]\(,\{0,1\} [0-9]\.[0-9]\)*\).*/\1/p' <<<"$2" | tr -d ,)
    "$ROOT/tutorial/tools/lab" check "$lab" --program "$1" || status=$?
    points=$(sed -n 's/^  not ok *\([0-9.]*\) .*/\1/p' said | tr '\n' ' ')
    same "${points% }" "${wanted% }"
    same $status "$([ -z "$wanted" ] && echo 0 || echo 1)"
}

# begin_answer PROGRAM TEXT: checks it in the background, in a directory of its own.
begin_answer() {
    mkdir "${1##*/}"
    (cd "${1##*/}" && fails_as_said "$@" >said 2>&1 3>&-) &
    processes+=($!)
    names+=("${1##*/}")
}

check_lab() { # N
    local source i status=0 which=solution
    [ -z "${OUR_ALL-}" ] || which='*'
    lab=$1 processes=() names=()
    patch=$(command -v patch) || true
    begin_answer "$BIN/lab$lab" "$(grep -h 'starter fails' "$ROOT/tutorial/labs/$lab"-*/README.md)"
    for source in "$ROOT/tests/labs/$lab"/$which.{c,md,patch}; do
        if [[ ! -f $source || -z $patch && $source = *.patch ]]; then continue; fi
        begin_answer "$answers/$lab/$(basename "${source%.*}")" "$(head -n 1 "$source")"
    done
    [ ${#names[@]} -ge 5 ] || [ -z "$patch" ] || [ -z "${OUR_ALL-}" ]
    for i in "${!names[@]}"; do
        wait "${processes[i]}" && continue
        status=1
        sed "s/^/${names[i]}: /" "${names[i]}/said"
    done
    [ $status -eq 0 ] || return 1
    [ -n "$patch" ] || [ -z "${OUR_ALL-}" ] ||
        skip 'without patch(1), only wrong answers that are whole programs are checked'
}

@test "lab 1, one at a time: starter, solution and wrong answers" { check_lab 1; }
@test "lab 2, the lost update: starter, solution and wrong answers" { check_lab 2; }
@test "lab 3, the GIL: starter, solution and wrong answers" { check_lab 3; }
@test "lab 4, a process each: starter, solution and wrong answers" { check_lab 4; }
@test "lab 5, a number in a pipe: starter, solution and wrong answers" { check_lab 5; }
@test "lab 6, your own event loop: starter, solution and wrong answers" { check_lab 6; }
@test "lab 7, await: starter, solution and wrong answers" { check_lab 7; }
@test "lab 8, choose: starter, solution and incomplete answers" { check_lab 8; }

lab() { "$ROOT/tutorial/tools/lab" "$@"; }

@test "lab 8: each prediction is shown beside what was measured" {
    printf 'experiment\tserver\tclients\tfigure\tunit\n%s\n' >results.tsv \
        $'waiting\tthreaded -n 1\t10\t1.003\ts' $'memory\tasync\t100\t230\tKB'
    LAB_RESULTS=$PWD/results.tsv lab check 8 --program "$answers/8/solution" >said
    grep -q '^waiting 10 threaded -n 1 *1\.0 *1\.003 s$' said
    grep -q '^memory 100 async *300 *230 KB$' said
    grep -q '^computing 4 forked *2 *-$' said
}

@test "lab 8: the page is read as an editor writes it, and in each form of Markdown" {
    local edit
    for edit in $'1s/^/\xef\xbb\xbf/; s/$/\r/' 's/^- \([a-z]*\):/1. **\1:**/' \
        's/^- \([a-z]*\):/   + `\1` :/' 's/^- /– /; s/^| \(.*\) |$/\1/' 's/^## Why/### **Why?**/' \
        's/^## \(.*\)/\1\n---/'; do
        LC_ALL=C sed "$edit" "$answers/8/solution" >page
        chmod +x page
        lab check 8 --program page || { echo "$edit" && return 1; }
    done
}

@test "lab: a lab, a point, a program or a submission that is not there is a mistake" {
    run -2 lab check
    run -2 lab check 99
    run -2 lab check 2 --point 2.9
    run -2 lab check 2 --point 2
    run -2 lab check 2 --point
    run -2 lab check 2 --program no-such-program
    run -2 lab frown
    run -2 lab grade 99 .
    mkdir empty
    run -2 lab grade 2 empty
    run -2 lab
}

@test "lab: what the caller's shell has set changes nothing" {
    CDPATH=$ROOT:. run -0 lab list
    like "${lines[0]}" '^Lab 1: '
    run -0 env PROGRAM=/bin/true BIN=/no LIMIT=0 STRANGER=/no "$ROOT/tutorial/tools/lab" \
        check 2 --point 2.1 --program "$BIN/lab2"
    ONLY=none TESTS=none SAN=no N=9 BIN=/no run -0 make -sn -C "$ROOT" lab
    run -2 make -s -C "$ROOT" SAN=no all
    like "$output" 'SAN is address or thread'
}

@test "lab: with an old Bats nothing is judged" {
    printf '#!/bin/sh\necho Bats 1.2.1\n' >bats
    chmod +x bats
    PATH=$PWD:$PATH run -2 lab check 2 --program "$answers/2/solution"
    like "$output" '^lab: this needs Bats 1[.]8 or newer; here is Bats 1[.]2[.]1[.]'
}

@test "lab: one point alone decides the exit status" {
    run -0 lab check 2 --point 2.1 --program "$BIN/lab2"
    same "${lines[${#lines[@]} - 1]}" '1 of 1 points'
    run -1 lab check 2 --point 2.2 --program "$BIN/lab2"
    run -1 lab check 2 --point 2.3 --program "$BIN/lab2" # was not tried
}

@test "lab: without the server that measures patience, nothing is judged" {
    OUR_BIN=/no/such run -2 lab check 2 --program "$answers/2/solution"
    fails grep -q 'ok  ' <<<"$output"
}

only_with_all() { [ -n "${OUR_ALL-}" ] || skip 'builds a copy of the project: see make test-all'; }

@test "make lab: shows what the compiler says, and the prediction; 0 points" {
    only_with_all
    mkdir -p bin build/plain # the objects and the sources as they are, but for those of the labs
    ln -s "$ROOT"/{Makefile,common,threaded,forked,async,tests} .
    ln -s "$ROOT"/build/plain/{common,threaded,async,tests} build/plain
    cp -R "$ROOT/tutorial" .
    { printf '\357\273\277' && # as an editor on Windows writes it
        sed -e '1s/\.\.\./7 inside/' -e 's/number = seen/nmber = seen/' -e $'s/$/\r/' \
            "$ROOT"/tutorial/labs/2-*/tally.c; } >tutorial/labs/2-the-lost-update/tally.c
    OUR_BIN=bin run -3 tutorial/tools/lab check 2
    like "$output" "tally.c:[0-9:]+ error: .*nmber"
    like "$output" 'Lab 2: the lost update \(you predicted: 7 inside\)'
    same "${lines[${#lines[@]} - 1]}" 'it does not compile: 0 points'
    printf '\377\376/\0/\0' >tutorial/labs/2-the-lost-update/tally.c
    OUR_BIN=bin run -4 tutorial/tools/lab check 2
    same "$output" 'Lab 2: the lost update: tally.c is in UTF-16. Save it as UTF-8. 0 points'
}
