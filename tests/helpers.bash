# tests/helpers.bash - what all suites share: a server to start, and clients that ask it.
#
# A test runs in a directory of its own. The server's stdout and stderr are the files out and err
# there. Nothing here waits for a time to pass: it waits for something to be so.
# shellcheck shell=bash disable=SC2153,SC2030,SC2031,SC2034,SC2154

bats_require_minimum_version 1.8.0

ROOT=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
BIN=$(cd "$ROOT" && cd "${BIN:-bin}" && pwd)
UNITS=$(cd "$ROOT" && cd "${UNITS:-build/plain/tests}" && pwd)
export ASAN_OPTIONS=handle_segv=0 TSAN_OPTIONS=handle_segv=0 # a crash is to be a crash

setup() {
    server=''
    cd "$BATS_TEST_TMPDIR" || return 1
}

# Whatever became of the test, nothing goes on running; and no sanitizer had anything to say.
teardown() {
    exec 4>&- 5>&- 6>&-
    if [ -n "$server" ]; then
        kill -KILL "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    fails grep -E 'Sanitizer|runtime error' err* 2>/dev/null
}

pause() { sleep 0.02; }

# fails COMMAND...: what must fail. (After a mere `!' Bats would go on.)
fails() { if "$@"; then return 1; fi; }

# ---- The server ----

# start_server [OPTION]...: the server that this suite is about, on a free port.
start_server() {
    local words
    read -ra words <<<"$SERVER"
    launch "${words[@]}" "$@"
}

# launch PROGRAM [OPTION]...: sets $server, its process, and $port. May be told by variables
# where its streams go ($out, $err, or $closed) and how many descriptors it may have.
launch() {
    local program=$BIN/$1
    [ "$1" = python3 ] && program=$1 && set -- "$1" "$ROOT/$2" "${@:3}"
    shift
    rm -f port
    (
        [ -z "${descriptors-}" ] || ulimit -n "$descriptors"
        [ -z "${closed-}" ] || exec >&- 2>&-
        exec "$program" "$@" --port 0 --port-file "$PWD/port"
    ) >"${out-out}" 2>"${err-err}" 3>&- 4>&- 5>&- 6>&- &
    server=$!
    until [ -s port ]; do
        kill -0 "$server" || { [ ! -f "${err-err}" ] || cat "${err-err}"; return 1; }
        pause
    done
    port=$(cat port)
}

# Asks it to stop; it must end, and well.
stop_server() {
    local ending=$server
    server=''
    kill -TERM "$ending"
    wait "$ending"
}

# A server that is not to start: sets $status, and the file said.
refuse_to_start() {
    local words
    read -ra words <<<"$SERVER"
    status=0
    "$BIN/${words[0]}" "$@" >out 2>said 3>&- || status=$?
}

# ---- Its clients ----

ask() { "$BIN/ask" -p "$port" "$@"; }
crowd() { "$BIN/load" -p "$port" "$@"; } # load is a word of Bats
clumsy() { "$UNITS/clumsy" -p "$port" "$@"; }

# connect N: a connection as descriptor N (4 to 6), for a test that is to go step by step.
connect() { eval "exec $1<>/dev/tcp/127.0.0.1/$port"; }

# hear N: one line from descriptor N, into $line. Waits for it, but not for ever.
hear() { IFS= read -r -t 60 line <&"$1"; }

# silent N: nothing has come from descriptor N. It waits a moment, so that a server which does
# wrong is caught; one that does right passes however slow it is.
silent() { fails read -r -t 0.2 -u "$1"; }

# The figure of one counter, which takes a client and a request of its own.
stat() {
    local report
    report=" $(ask stats) "
    report=${report##* "$1"=}
    printf '%s\n' "${report%% *}"
}

# until_stat NAME FIGURE: waits until the server says so.
until_stat() {
    until [ "$(stat "$1")" = "$2" ]; do
        kill -0 "$server"
        pause
    done
}

# All clients have gone, but for the one that asks, and so many more.
until_quiet() { until_stat clients 1; }
until_quiet_but() { until_stat clients $(($1 + 1)); }

until_said() {
    until grep -q -e "$1" err; do pause; done
}

# ---- What the system knows ----

need_proc() { [ -r /proc/self/stat ] || skip "needs /proc"; }

# The state of a process: R, S, Z ...; nothing when there is none.
state_of() {
    local stat
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
    stat=${stat##*) }
    printf '%s\n' "${stat%% *}"
}

children_of() { cat "/proc/$1/task/$1/children"; }

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

holds_no_sanitizer() {
    case $BIN in */address/* | */thread/*) skip "a sanitizer keeps memory and time for itself" ;; esac
}
