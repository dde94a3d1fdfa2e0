#!/usr/bin/env bats
# tests/labs.bats - the labs: the starter fails the points that its page names, the solution none,
# and each wrong answer exactly those that its first line names. Wrong answers are checked by
# `make test-all', which sets ALL.
# shellcheck disable=SC2154

load helpers

answers=${UNITS%/units}/labs

# fails_as_said PROGRAM TEXT: it fails the points that are named in TEXT, "... fails 2.1 2.2: ..."
fails_as_said() {
    local status=0 wanted points
    wanted=$(sed -n 's/.*fails \(\([0-9]\.[0-9] \{0,1\}\)*\).*/\1/p' <<<"$2")
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
    [ -z "${ALL-}" ] || which='*'
    lab=$1 processes=() names=()
    begin_answer "$BIN/lab$lab" "$(grep -h 'starter fails' "$ROOT/tutorial/labs/$lab"-*/README.md)"
    for source in "$ROOT/tests/labs/$lab"/$which.c; do
        begin_answer "$answers/$lab/$(basename "$source" .c)" "$(head -n 1 "$source")"
    done
    [ ${#names[@]} -ge 5 ] || [ -z "${ALL-}" ]
    for i in "${!names[@]}"; do
        wait "${processes[i]}" && continue
        status=1
        sed "s/^/${names[i]}: /" "${names[i]}/said"
    done
    return $status
}

@test "lab 1, one at a time: starter, solution and wrong answers" { check_lab 1; }
@test "lab 2, the lost update: starter, solution and wrong answers" { check_lab 2; }
@test "lab 3, the GIL: starter, solution and wrong answers" { check_lab 3; }
@test "lab 4, a process each: starter, solution and wrong answers" { check_lab 4; }
@test "lab 5, a number in a pipe: starter, solution and wrong answers" { check_lab 5; }
@test "lab 6, your own event loop: starter, solution and wrong answers" { check_lab 6; }
@test "lab 7, await: starter, solution and wrong answers" { check_lab 7; }
