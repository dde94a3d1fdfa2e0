#!/usr/bin/env bats
# tests/grade.bats - lab grade: a row for each submission, and no mark that was not earned. Each
# file in labs/cheats is a way to try: its first line names the lab, the answer that it is appended
# to, and the marks that it gets.
# shellcheck disable=SC2094,SC2154

load helpers

setup() {
    at=''
    [ -n "${OUR_ALL-}" ] || skip 'each submission takes seconds: see make test-all'
    command -v patch || skip 'needs patch'
    begin_test "$BATS_TEST_TMPDIR"
    solution=$ROOT/tests/labs/2/solution.c
    wrong=$PWD/wrong.c
    answer 2 wrong-before-write >"$wrong"
    export LAB_LIMIT=600
}

teardown() {
    rm -rf "${at-}" /{tmp,dev/shm}/cheat-$$
    end_test
}

answer() { patch -s -o - "$ROOT/tests/labs/$1"/{solution.c,"$2.patch"}; } # LAB NAME

# submit NAME FILE: what FILE says is his.
submit() {
    mkdir -p "$(dirname "class/$1/$2")"
    cat >"class/$1/$2"
}

# ---- Cheats ----

# copy_project DIRECTORY: one that a cheat may try to change, with the objects of the two servers.
copy_project() {
    mkdir -p "$1"/{home,tmp,class,project}
    cp -Rp "$ROOT/tutorial" "$1/before"
    (cd "$ROOT" && tar cf - Makefile common threaded forked async tutorial tests \
        build/plain/{flags,common,threaded,async,tutorial,tests/clients}) |
        (cd "$1/project" && tar xf -)
}

# hand_in_cheats LAB ORDER: and after those of lab 2, or alone, a right answer, which what is left
# behind would harm. What each row begins with goes into wanted, a line for each.
hand_in_cheats() {
    local cheat of kind wanted name number=10 right
    right=$(echo "$ROOT/tests/labs/$1"/solution.*)
    : >wanted
    while IFS= read -r cheat; do
        read -r _ _ of kind wanted <"$cheat"
        [ "$of" = "$1," ] || continue
        number=$((number + 1))
        name=cheat-$number-$(basename "$cheat" .cheat)
        echo "\"$name\",${wanted%%: *}" >>wanted
        {
            case $kind in
            solution,) cat "$right" ;;
            wrong*) answer "$1" "${kind%,}" ;;
            esac
            printf '#include <%s.h>\n' arpa/inet fcntl mqueue netinet/in semaphore signal stdio \
                stdlib string sys/ptrace sys/sem sys/socket sys/stat unistd
            sed "s|@ROOT@|$at/project|g; s|@CLASS@|$at/class|g; s|@ID@|$$|g" "$cheat"
        } >"$at/class/$name.c"
    done < <(find "$ROOT/tests/labs/cheats" -type f -name "${cheats-*}" | sort "$2")
    [ $number -gt 10 ] || [ "$1" -gt 4 ] # which have no cheat of their own
    case $1 in
    1 | 3) ;;
    4) # which would reap where SIGCHLD is ignored
        answer 4 wrong-reaps-at-next-client >"$at/class/late.c"
        echo '"late",[01,]*,4' >>wanted
        ;;
    *) cp "$right" "$at/class/right.${right##*.}" ;;
    esac
}

# The mark of a right answer is full, that of a cheat one of the wanted.
rows_are_as_wanted() {
    local row wanted form
    same "$(grep -E '^"(maximum|right)",' marks | cut -d , -f 2- | uniq | wc -l)" 1 ||
        { cat "$at"/project/build/grades/*/right.txt && return 1; }
    while IFS= read -r wanted; do
        row=$(grep "^${wanted%%,*}," marks)
        form=$(sed 's/.*",//; s/ or /|/' <<<"$wanted")
        like "$row" "^\"[a-z0-9-]*\",($form)," || { echo "$row is not $wanted" && return 1; }
    done <wanted
}

nothing_is_left() {
    fails grep -lsa "chea[t]-$$" /proc/[0-9]*/cmdline
    same "$(find "$at/tmp" /{tmp,var/tmp,dev/shm,run/lock} -name "*cheat-$$" \
        -o -path "$at/tmp/*")" ''
    [ ! -e /proc/sysvipc/sem ] || fails grep '^ *54321 ' /proc/sysvipc/sem
    diff -r "$at/before" "$at/project/tutorial"
}

# grade_cheats LABS ORDER COMMAND...: as the user whom the command makes of us.
grade_cheats() {
    local lab labs=$1 order=$2
    shift 2
    for lab in $labs; do
        rm -rf "${at:?}/class"/*
        hand_in_cheats "$lab" "$order"
        [ "$1" = env ] || chown -R 65534 "$at"
        (
            ulimit -s unlimited
            trap '' CHLD ALRM
            exec "$@" env HOME="$at/home" TMPDIR="$at/tmp" PROGRAM=/bin/true BIN=/no \
                "$at/project/tutorial/tools/lab" grade "$lab" "$at/class"
        ) >marks 2>said || { cat said && return 1; }
        rows_are_as_wanted
        [ -n "${cheats-}" ] || nothing_is_left
    done
}

prepare_cheats() {
    [ "$(id -u)" -eq 0 ] || skip 'needs root'
    at=$(mktemp -d /var/tmp/cheats.XXXXXX) && chmod 755 "$at"
    copy_project "$at"
    mkdir "$at/bin" && printf '#!/bin/sh\nexit 1\n' >"$at/bin/bwrap" && chmod +x "$at/bin/bwrap"
    without_bwrap=$at/bin:${PATH#"$BATS_LIBEXEC:"}
}

@test "lab grade: no cheat gets more than it deserves, as root with bubblewrap" {
    prepare_cheats
    bwrap --ro-bind / / true || skip 'needs bubblewrap'
    grade_cheats 2 --unique env
}

@test "lab grade: no cheat gets more than it deserves, as root without it, as in a container" {
    prepare_cheats
    chmod 700 "$at"/{project,class}
    grade_cheats '1 2 3 4' --reverse env PATH="$without_bwrap"
    same "$(grep '^lab:' said)" ''
}

@test "lab grade: no cheat gets more than it deserves, as an ordinary user with bubblewrap" {
    prepare_cheats
    bwrap --ro-bind / / true || skip 'needs bubblewrap'
    grade_cheats '1 2 3 4 5 6 7 8' --reverse setpriv --reuid 65534 --regid 65534 --clear-groups
}

@test "lab grade: an ordinary user without bubblewrap is told so, and goes on after mode 000" {
    prepare_cheats
    cheats='locks-*'
    grade_cheats 2 --unique setpriv --reuid 65534 --clear-groups env PATH="$without_bwrap"
    grep -q '^lab: neither as root nor with bubblewrap' said
}

# ---- A class ----

# with_start STATEMENTS: a solution that begins with them.
with_start() {
    cat "$solution"
    printf '%s\n' '#include <stdlib.h>' '#include <signal.h>' \
        '__attribute__((constructor)) static void begin(void) {' "$1" '}'
}

@test "lab grade: a row for each submission, whatever it does, and what it is" {
    copy_project "$PWD"
    submit ada tally.c < <(printf '/* %s */\n' 'I predict: =7 inside, "all"' \
        'It took me: 25 minutes' && cat "$solution")
    submit bob 'Tally (1).c' <<<'nonsense'
    submit cyd README <<<'nothing to see'
    submit dan concurrency/tutorial/labs/2-the-lost-update/tally.c <"$wrong"
    submit dan concurrency/tutorial/labs/2-the-lost-update/lab.bats <<<'@test "2.2 [3]" { :; }'
    submit eve tally.c < <(with_start 'exit(0);')
    submit fay_1_assignsubmission_file submission/tally.c <"$wrong"
    submit gus tally.c < <(with_start 'for (;;) pause();')
    submit hal tally.c <"$solution"
    cp "$solution" class/hal.c
    submit ida lab2.zip <<<PK
    submit jim tally.c <"$wrong"
    submit jim 'tally (1).c' <"$solution"
    mkdir class/kim class/__MACOSX
    ln -s ../hal class/liz
    mkfifo class/pat.c
    truncate -s 1T class/oli.c
    submit rob $'x\n../hal/tally.c' <<<nonsense
    cp "$wrong" "class/$(printf 'q%.0s' {1..250}).c"
    touch class/README.txt class/mia.tar.gz class/.DS_Store
    cp "$wrong" class/=cmd.c
    printf '%s\n' =cmd ada bob cyd dan eve $'"fay",3\r' 'gus;4' hal ida jim kim mia nat >roster
    project/tutorial/tools/lab grade 2 class --roster roster >marks 2>said ||
        { cat said; return 1; }
    same "$(cat marks)" 'name,2.1,2.2,2.3,total,note,minutes,predicted
"maximum",1,3,2,6,,,
"'\''=cmd",1,0,0,1,,,
"ada",1,3,2,6,,25,"'\''=7 inside, ""all"""
"bob",0,0,0,0,"took Tally (1).c; does not compile",,
"cyd",0,0,0,0,"no tally.c, but README",,
"dan",1,0,0,1,,,
"eve",0,0,0,0,,,
"fay_1_assignsubmission_file",1,0,0,1,,,
"gus",0,0,0,0,,,
"hal",0,0,0,0,"handed in more than once: see hal.c",,
"ida",0,0,0,0,"no tally.c, but lab2.zip, an archive: unpack it",,
"jim",1,0,0,1,"took tally.c, not tally (1).c",,
"kim",0,0,0,0,"no submission",,
"liz",0,0,0,0,"a symbolic link; not on the roster",,
"mia",0,0,0,0,"mia.tar.gz is an archive: unpack it",,
"oli",0,0,0,0,"not on the roster; in UTF-16",,
"pat",0,0,0,0,"cannot be read; not on the roster",,
"'"$(printf 'q%.0s' {1..200})"'",1,0,0,1,"not on the roster",,
"rob",0,0,0,0,"no submission; not on the roster",,
"nat",0,0,0,0,"handed in nothing",,'
    grep -q '^nat 19/19$' said
    grep -q "^lab: 'README.txt' is passed over" said
    same "$(find project/build/grades/2 -type f | wc -l)" 19
    grep -q 'crash' project/build/grades/2/eve.txt || grep -q ended project/build/grades/2/eve.txt
}

grade_into_full_disk() { project/tutorial/tools/lab grade 2 class >/dev/full; }

@test "lab grade: a run that could not go on does so, but for a file that has changed" {
    local kept=project/build/grades/2.partial what
    copy_project "$PWD"
    submit ada tally.c <<<'nonsense'
    run -1 grade_into_full_disk
    sed -i.bak s/0/7/ $kept/ada.row # shows where it comes from
    for what in row sum txt; do cp $kept/{ada,bob}.$what; done
    submit bob tally.c <<<'other nonsense'
    project/tutorial/tools/lab grade 2 class >marks 2>said
    same "$(sed 1,2d marks)" '"ada",7,0,0,0,"does not compile",,
"bob",0,0,0,0,"does not compile",,'
    [ ! -e $kept ]
}

# ---- Platforms ----

# is_as_published LAB PLATFORM...: what export wrote of it.
is_as_published() {
    sed -n 's/^@test "\(.*\)" {$/\1/p' "$ROOT/tutorial/labs/$1"-*/lab.bats >points
    (cd project && python3 "$ROOT/tests/labs/platforms.py" "$1" ../points "${@:2}")
}

@test "lab export: each lab in the forms that Classroom 50 and GitHub Classroom have published" {
    python3 -c 'import yaml' || skip 'needs Python and its yaml'
    copy_project "$PWD"
    for lab in 1 2 3 4 5 6 7 8; do
        for platform in classroom50 github; do
            project/tutorial/tools/lab export $lab $platform >file
            same "$(cat file)" "$(cd project && echo build/lab$lab-$platform.*)"
        done
        is_as_published $lab classroom50 github
    done
    run -2 make -s -C project export N=2 FOR=paper
    like "$output" 'gradescope classroom50 github moodle canvas'
}

@test "lab export: Moodle and Canvas get the marks of those whose names a download gives" {
    python3 -c '' || skip 'needs Python'
    copy_project "$PWD"
    submit 'Ada "A" L_1_assignsubmission_file' tally.c <"$solution"
    cp "$wrong" class/cmdbob_LATE_17_4711_lab2-bob.c
    cp "$wrong" class/cyd.c
    project/tutorial/tools/lab grade 2 class >marks 2>said
    for platform in moodle canvas; do
        run -2 make -s -C project export N=2 FOR=$platform
        run -0 make -s -C project export N=2 FOR=$platform MARKS="$PWD/marks"
        like "$output" 'no number of a student in "cyd"'
        is_as_published 2 $platform
    done
    grep -q '^Participant 1,"Ada ""A"" L",6,-,"<pre>Lab 2: ' project/build/lab2-moodle.csv
    grep -qx '"cmdbob",17,,1' project/build/lab2-canvas.csv
}

@test "lab export: Gradescope's archive grades a submission, and says why" {
    [ "$(id -u)" -eq 0 ] || skip 'needs root'
    git -C "$ROOT" rev-parse HEAD || skip 'needs the git repository'
    python3 -c '' && command -v zip && command -v unzip || skip 'needs Python, zip and unzip'
    at=$(mktemp -d /tmp/cheats.XXXXXX) && chmod 755 "$at"
    mkdir -p "$at"/{source,submission,results} project/build
    (cd "$ROOT" && OUR_BIN=bin tutorial/tools/lab export 2 gradescope)
    cp "$ROOT/build/lab2-gradescope.zip" project/build
    unzip -q project/build/lab2-gradescope.zip -d "$at/source"
    cp "$wrong" "$at/submission/tally.c"
    sed "s|/autograder|$at|g" "$at/source/run_autograder" >run_autograder
    bash run_autograder
    cp "$at/results/results.json" project
    is_as_published 2 gradescope
    grep -q '"name": "2.1 .*"score": 1, "max_score": 1' project/results.json
    grep -q '"name": "2.2 .*"score": 0, "max_score": 3, "output": ".*expected' project/results.json
}

@test "make handin: one file that has the name of its author, and what it is worth" {
    copy_project "$PWD"
    cp "$solution" project/tutorial/labs/2-the-lost-update/tally.c
    USER='ada l' run -0 make -s -C project handin N=2
    like "$output" '6 of 6 points.*Hand in build/lab2-ada_l.c'
    cmp "$solution" project/build/lab2-ada_l.c
    echo nonsense >project/tutorial/labs/2-the-lost-update/tally.c
    USER=bob run -2 make -s -C project handin N=2
    like "$output" 'it does not compile: 0 points.*Hand in build/lab2-bob.c'
}

@test "the development container and the workflow are what their readers can parse" {
    python3 -c 'import yaml' || skip 'needs Python and its yaml'
    cd "$ROOT"
    python3 - <<'END'
import json, os, yaml
container = json.load(open(".devcontainer/devcontainer.json"))
assert os.path.exists(".devcontainer/" + container["build"]["dockerfile"])
assert "USER " + container["remoteUser"] in open(".devcontainer/Dockerfile").read().splitlines()
steps = yaml.safe_load(open(".github/workflows/test.yml"))["jobs"]["test"]["steps"]
assert any(step.get("run") == ".ci/run" for step in steps)
END
}
