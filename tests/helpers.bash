# tests/helpers.bash - what all suites share: a server to start, and clients that ask it.
#
# A test runs in a directory of its own. The server's stdout and stderr are the files out and err
# there. Nothing here waits for a time to pass: it waits for something to be so.
#
# Two traps of Bats are avoided on purpose: `! command` never fails a test, so there is `fails`;
# and in Bash 3.2 neither does `[[ ]]`, so there is `like`.
# shellcheck shell=bash disable=SC2034,SC2153,SC2154

bats_require_minimum_version 1.8.0

ROOT=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
BIN=$(cd "$ROOT" && cd "${BIN:-bin}" && pwd)
UNITS=$(cd "$ROOT" && cd "${UNITS:-build/plain/tests/units}" && pwd)
FLOORS=$(cd "$ROOT" && cd "${FLOORS:-build/plain/tests/bench/floors}" && pwd)
export ASAN_OPTIONS=handle_segv=0 TSAN_OPTIONS=handle_segv=0 # a crash is to be a crash

setup() {
    server=''
    started=() # other processes in the background
    give_up=$((SECONDS + 90))
    cd "$BATS_TEST_TMPDIR" || return 1
}

# Whatever became of the test, nothing goes on running; and no sanitizer had anything to say.
teardown() {
    local process said=''
    exec 4>&- 5>&- 6>&- 7>&-
    if [ -n "$server" ]; then end_server; fi
    for process in "${started[@]+"${started[@]}"}"; do
        kill -KILL "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    said=$(grep -D skip -hsE 'Sanitizer|runtime error:' ./*) || true
    [ -z "$said" ] || { echo "$said"; return 1; }
}

# In good order if it can, for only then does a sanitizer tell of leaks; otherwise not.
end_server() {
    local tries
    kill -TERM "$server" 2>/dev/null || true
    for ((tries = 0; tries < 25; tries++)); do
        alive "$server" || break
        sleep 0.02
    done
    kill -KILL "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=''
}

# Between two looks at something that is to come. Ends the test when it never does.
pause() {
    [ "$SECONDS" -lt "$give_up" ] || { echo 'waited for too long'; return 1; }
    sleep 0.02
}

alive() { kill -0 "$1" 2>/dev/null; }

# ---- What must be so ----

# same WHAT AS
same() { [ "$1" = "$2" ] || { printf "is   '%s'\nnot  '%s'\n" "$1" "$2"; return 1; }; }

# like TEXT PATTERN: an extended regular expression that must match.
like() { [[ $1 =~ $2 ]] || { printf "'%s'\nis not like  %s\n" "$1" "$2"; return 1; }; }

fails() { if "$@"; then echo "should have failed: $*"; return 1; fi; }

# ends_with STATUS PROCESS: of a process in the background.
ends_with() {
    local ended=0
    wait "$2" || ended=$?
    [ "$2" != "$server" ] || server=''
    same "$ended" "$1"
}

# ---- The server ----

# start_server [OPTION]...: the server that this suite is about, on a free port.
start_server() {
    local words
    read -ra words <<<"$SERVER"
    launch "${words[@]}" "$@"
}

# find_program WORD: as a path. Those that are not in bin/ are scripts for an interpreter.
find_program() {
    if [ -x "$BIN/$1" ]; then printf '%s\n' "$BIN/$1"; else command -v "$1"; fi
}

# launch PROGRAM [OPTION]...: sets $server, its process, and $port. May be told by variables
# where its streams go ($out, $err, or $closed) and how many descriptors it may have.
launch() {
    local program
    program=$(find_program "$1")
    shift
    case ${1-} in *.py) set -- "$ROOT/$1" "${@:2}" ;; esac
    rm -f port
    (
        [ -z "${descriptors-}" ] || ulimit -n "$descriptors"
        [ -z "${closed-}" ] || exec >&- 2>&-
        exec "$program" "$@" --port 0 --port-file "$PWD/port" 3>&- 4>&- 5>&- 6>&- 7>&-
    ) >"${out-out}" 2>"${err-err}" &
    server=$!
    until [ -s port ]; do
        alive "$server" || { cat "${err-err}"; return 1; }
        pause
    done
    port=$(cat port)
}

# Asks it to stop; it must end, and well.
stop_server() {
    kill -TERM "$server"
    ends_with 0 "$server"
}

# A program that is not to start: sets $status, and the files out and said.
refuses() {
    status=0
    "$BIN/$1" "${@:2}" >out 2>said 3>&- || status=$?
}

# The program that this suite is about, without its options.
program() { printf '%s\n' "${SERVER%% *}"; }

# skip_pool: for what needs more than the four that a pool serves at a time.
skip_pool() { case $SERVER in *' -n 4'*) skip 'a pool of 4 serves 4 at a time' ;; esac; }

# ---- Its clients ----

ask() { $exec "$BIN/ask" -p "$port" "$@"; }
crowd() { $exec "$BIN/load" -p "$port" "$@"; } # load is a word of Bats
rude() { $exec "$BIN/rude" -p "$port" "$@"; }
exec='' # the word exec, where no shell is to stay in between

# begin OUTPUT CLIENT [ARGUMENT]...: one of these three in the background, as process $!.
begin() {
    (
        exec 3>&- 4>&- 5>&- 6>&- 7>&-
        exec='exec'
        "${@:2}"
    ) >"$1" 2>&1 </dev/null &
    started+=($!)
}

# hold_clients N REQUEST: N connections that ask only when descriptor 7 is closed; the report of
# bin/load is then in the file held. Its process is $holder.
hold_clients() {
    rm -f input
    mkfifo input
    (
        exec 3>&- 4>&- 5>&- 6>&- 7>&-
        exec='exec'
        crowd -c "$1" --idle --tsv "$2"
    ) >held 2>&1 <input &
    holder=$!
    started+=("$holder")
    exec 7>input
    until grep -q ready held; do
        alive "$holder" || { cat held; return 1; }
        pause
    done
}

# connect N: a connection as descriptor N (4 to 6), for a test that is to go step by step.
connect() { eval "exec $1<>/dev/tcp/127.0.0.1/$port"; }

# say N TEXT: sends a line through it.
say() { printf '%s\n' "$2" >&"$1"; }

# hear N: one line from descriptor N, into $line. Waits for it, but not for ever.
hear() { IFS= read -r -t 90 line <&"$1" || { echo "nothing more is heard from $1"; return 1; }; }

# hears N TEXT: the next line must be this.
hears() { hear "$1" && same "$line" "$2"; }

# hears_end N: there is no other line, only the end.
hears_end() {
    local result=0
    IFS= read -r -t 90 line <&"$1" 2>/dev/null || result=$?
    [ $result -eq 1 ] || { echo "no end of $1, but status $result, '$line'"; return 1; }
    same "$line" ''
}

# ---- What the server says of itself ----

# counter NAME: a figure of its stats. To ask takes a client and a request.
counter() {
    local report
    report=" $(ask stats)" || return 1
    case $report in *" $1="*) ;; *) echo "no $1 in:$report" && return 1 ;; esac
    report=${report##* "$1"=}
    printf '%s\n' "${report%% *}"
}

# until_stats NAME=FIGURE
until_stats() {
    until [ "$(counter "${1%=*}")" = "${1#*=}" ]; do
        alive "$server" || { cat err; return 1; }
        pause
    done
}

# All clients have gone, but for the one that asks.
until_quiet() { until_stats clients=1; }

# until_taken N: it has taken N requests, not counting those of this function.
until_taken() {
    local asked=1
    until [ $(($(counter requests) - asked)) -ge "$1" ]; do
        asked=$((asked + 1))
        pause
    done
}

until_said() {
    until grep -q -e "$1" err; do pause; done
}

# ---- What the system knows ----

need_proc() { [ -r /proc/self/stat ] || skip 'needs /proc'; }
need_children() { [ -r "/proc/$$/task/$$/children" ] || skip 'needs the children in /proc'; }

# The state of a process: R, S, Z ...; nothing when there is none.
state_of() {
    local stat
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
    stat=${stat##*) }
    printf '%s\n' "${stat%% *}"
}

children_of() { cat "/proc/$1/task/$1/children"; }

# until_gone PROCESS...: all have ended; who has no parent may be a zombie for a while.
until_gone() {
    local process
    for process in "$@"; do
        until case $(state_of "$process") in '' | Z) true ;; *) false ;; esac; do pause; done
    done
}

# Resident memory of the server and its children, in kilobytes.
memory() {
    local process
    for process in $server $(children_of "$server"); do
        cat "/proc/$process/status" 2>/dev/null || true
    done | awk '/^VmRSS:/ { sum += $2 } END { print sum + 0 }'
}

# Clock ticks of processor time that the server has used, a hundredth of a second each.
ticks() {
    local stat
    read -r stat <"/proc/$server/stat"
    # shellcheck disable=SC2086
    set -- ${stat##*) }
    echo $((${12} + ${13}))
}

# small_memory KILOBYTES: where it can be known, and is the server's own and not a sanitizer's.
small_memory() {
    case $BIN in */address/* | */thread/*) return ;; esac
    [ -r "/proc/$server/task/$server/children" ] || return 0
    [ "$(memory)" -lt "$1" ] || { echo "it has $(memory) KB"; return 1; }
}

# x N: so many of them.
x() { printf "%$1s" '' | tr ' ' x; }
