# tests/helpers.bash - what all suites share: a server to start, and clients that ask it.
#
# A test runs in a directory of its own. The server's stdout and stderr are the files out and err
# there. Nothing here waits for a time to pass: it waits for something to be so.
#
# Two traps of Bats are avoided on purpose: `! command` never fails a test, so there is `fails`;
# and in Bash 3.2 neither does `[[ ]]`, so there is `like`.
# shellcheck shell=bash

bats_require_minimum_version 1.8.0

# All of them absolute, for a test goes into a directory of its own.
ROOT=${BATS_TEST_DIRNAME%/*}
BIN=${OUR_BIN:-bin}
UNITS=${OUR_UNITS:-build/plain/tests/units}
FLOORS=${OUR_FLOORS:-build/plain/tests/bench/floors}
for variable in BIN UNITS FLOORS; do
    case ${!variable} in /*) ;; *) printf -v "$variable" %s "$ROOT/${!variable}" ;; esac
done
never=$BATS_RUN_TMPDIR/never # a pipe in which there is never anything to read
[ -p "$never" ] || mkfifo "$never"
# A crash is to be a crash; and the thread sanitizer sleeps for a second at exit unless told not to.
export ASAN_OPTIONS=handle_segv=0 TSAN_OPTIONS=handle_segv=0:atexit_sleep_ms=0

setup() { begin_test "$BATS_TEST_TMPDIR"; }
teardown() { end_test; }

begin_test() { # DIRECTORY
    server=''
    started=() # other processes in the background
    give_up=$((SECONDS + 90))
    cd "$1" || return 1
}

# Whatever became of the test, nothing goes on running; and no sanitizer had anything to say.
end_test() {
    local process
    exec 4>&- 5>&- 6>&- 7>&-
    if [ -n "$server" ]; then end_server; fi
    for process in "${started[@]+"${started[@]}"}"; do
        { kill -KILL "$process"; wait "$process"; } 2>/dev/null || true
    done
    no_sanitizer_spoke
}

sanitized() { case $BIN in */address/* | */thread/*) ;; *) return 1 ;; esac; }

no_sanitizer_spoke() {
    sanitized || return 0
    ! grep -D skip -hsE 'Sanitizer|runtime error:' ./* || return 1
}

# At once, but for a sanitizer's build, which looks for leaks when it ends in good order.
end_server() {
    local tries
    if sanitized; then
        kill -TERM "$server" 2>/dev/null || true
        for ((tries = 0; tries < 25; tries++)); do
            ! alive "$server" || pause
        done
    fi
    { kill -KILL "$server"; wait "$server"; } 2>/dev/null || true
    server=''
}

# Between two looks at something that is to come: 20 ms, without a process that sleeps. Ends the
# test when it never comes.
pause() {
    [ "$SECONDS" -lt "$give_up" ] || { echo 'waited for too long'; return 1; }
    if [ "${BASH_VERSINFO[0]}" -lt 4 ]; then
        sleep 0.02 # this read knows whole seconds only
    else
        read -r -t 0.02 _ <>"$never" || true
    fi
}

alive() { kill -0 "$1" 2>/dev/null; }

# ---- The same test with many servers ----

# The words that start each of them, a line each; tests/run has more.
SERVERS=${OUR_SERVERS-$'threaded\nforked\nasync'}

list_servers() { IFS=$'\n' read -r -d '' -a servers <<<"$SERVERS" || true; } # it has no NUL

# test_each_server: what a suite has as its setup, to run the body of each test with each of
# $SERVERS at the same time.
test_each_server() {
    [ -z "${number-}" ] || return 0 # the body calls it as well
    begin_test "$BATS_TEST_TMPDIR"
    case $BATS_TEST_DESCRIPTION in
    *', in Python too') SERVERS+=${OUR_SPEAKERS:+$'\n'$OUR_SPEAKERS} ;;
    esac
    side_by_side "$BATS_TEST_NAME"
    BATS_TEST_COMPLETED=1 # so ends `skip' as well: the rest of the test is not run once more
    exit 0
}

# side_by_side COMMAND...: runs it with each of $SERVERS as $SERVER ($program without its options,
# ${command[@]} with its path), and as $number its number, in a directory and a shell of its own.
# Shows what those say that fail.
side_by_side() {
    local i processes=() failed=''
    list_servers
    mkdir -p "${!servers[@]}"
    for i in "${!servers[@]}"; do
        # In () Bash 3.2 runs EXIT; what is in the background ignores SIGINT, servers too.
        (trap - INT; run_with "$i" "$@") >"$i.said" 2>&1 4>&1 </dev/null &
        processes+=($!)
    done
    for i in "${!servers[@]}"; do
        wait "${processes[i]}" && continue
        failed=yes
        while IFS= read -r line; do echo "${servers[i]}: $line"; done <"$i.said"
    done
    [ -z "$failed" ] || return 1
    for i in "${!servers[@]}"; do [ -e "$i/skipped" ] || return 0; done
    skip "$(cat 0/skipped)"
}

run_with() { # NUMBER COMMAND...
    number=$1
    SERVER=${servers[$1]}
    program=${SERVER%% *}
    read -ra command <<<"$SERVER"
    command[0]=$BIN/$program
    [ "$program" != python3 ] || command=("${PYTHON:-python3}" "$ROOT/${command[1]}")
    unset BATS_EXTENDED_SYNTAX
    # shellcheck disable=SC2317
    skip() { echo "$*" >"$BATS_TEST_TMPDIR/$number/skipped" && exit 0; }
    set +T
    trap - DEBUG # the one of Bats costs time
    trap '[ "$BASH_SUBSHELL" -gt 1 ] || tell_line "$LINENO"' ERR
    trap 'end_test || exit 1' EXIT
    begin_test "$1"
    "${@:2}"
}

# tell_line LINE: of the test's file, where that is not where the failure was.
tell_line() {
    local line=$1 i
    for ((i = 1; i < ${#BASH_SOURCE[@]}; i++)); do
        if [ "${BASH_SOURCE[i]}" = "$BATS_TEST_SOURCE" ]; then
            echo "tests/${BATS_TEST_FILENAME##*/}:$line:" \
                "$(sed -n "${line}s/^ *//p" "$BATS_TEST_FILENAME")"
            return
        fi
        line=${BASH_LINENO[i]}
    done
}

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

# start_server [OPTION]...: the server that this test is about, on a free port.
start_server() {
    # shellcheck disable=SC2086 # each is a word
    launch $SERVER "$@"
}

# launch PROGRAM [OPTION]...: sets $server, its process, and $port. May be told by variables
# where its streams go ($out, $err, or $closed) and how many descriptors or kilobytes of memory it
# may have.
launch() {
    local program=$1
    shift
    [ ! -x "$BIN/$program" ] || program=$BIN/$program
    [ "$program" != python3 ] || program=${OUR_PYTHON:-python3}
    [ ! -f "$ROOT/${1:-/}" ] || set -- "$ROOT/$1" "${@:2}" # a script, by its path in the project
    : >port
    (
        # For tests/run: it may lead a group of its own. Bash 3.2 does not know its number yet.
        echo "${BASHPID-}" >"$BATS_RUN_TMPDIR/server.${number-}"
        [ -z "${descriptors-}" ] || ulimit -n "$descriptors"
        [ -z "${kilobytes-}" ] || ulimit -v "$kilobytes"
        [ -z "${closed-}" ] || exec >&- 2>&-
        exec "$program" "$@" --port 0 --port-file "$PWD/port" 3>&- 4>&- 5>&- 6>&- 7>&-
    ) >"${out-out}" 2>"${err-err}" &
    server=$!
    until [ -s port ]; do
        alive "$server" || { cat "${err-err}"; return 1; }
        pause
    done
    read -r port <port
}

# start_other COMMAND...: a server that says where it listens on stdout alone.
start_other() {
    : >out
    "$@" >out 2>err 3>&- &
    server=$!
    until IFS=: read -r _ port <out; do
        alive "$server" || { cat err; return 1; }
        pause
    done
}

# start_without_accept ERROR[:when=FIRST+STEP]: in place of the kernel strace answers accept, or
# some calls of it, and writes each into the file calls, with its time.
start_without_accept() {
    ! sanitized || skip 'a sanitizer lets nobody trace it'
    local strace=(strace -DD -f -t -o calls -e 'trace=accept,accept4')
    strace+=(-e "inject=accept,accept4:error=$1")
    "${strace[@]}" true 2>/dev/null || skip 'needs strace, and that it may'
    launch "${strace[@]}" "${command[@]}"
}

# Asks it to stop; it must end, and well.
stop_server() {
    kill -TERM "$server"
    ends_with 0 "$server"
}

# A program that is not to start: sets $status, and the files printed and said.
refuses() {
    status=0
    "$BIN/$1" "${@:2}" >printed 2>said 3>&- || status=$?
}

# ---- Its clients ----

ask() { $exec "$BIN/ask" -p "$port" "$@"; }
crowd() { $exec "$BIN/load" -p "$port" "$@"; } # load is a word of Bats
rude() { $exec "$BIN/rude" -p "$port" "$@"; }
exec='' # the word exec, where no shell is to stay in between

# begin OUTPUT CLIENT [ARGUMENT]...: one of these three in the background, as process $!. The
# variable $input may tell what it reads.
begin() {
    (
        exec 3>&- 4>&- 5>&- 6>&- 7>&-
        exec='exec'
        "${@:2}"
    ) >"$1" 2>&1 <"${input-/dev/null}" &
    started+=($!)
}

# reports 'STATUS REPLIES WRONG MISSING' [OPTION]... REQUEST: what bin/load says of its clients; the
# file report has all that it says.
reports() {
    status=0
    crowd --tsv "${@:2}" >report 2>said || status=$?
    same "$status $(cut -f 1-3 report | tr '\t' ' ')" "$1"
}

# hold_clients N REQUEST: N connections that ask only when descriptor 7 is closed, as let_ask does;
# the report of bin/load is then in the file held. Its process is $holder.
hold_clients() {
    rm -f input
    mkfifo input
    input=input begin held crowd -c "$1" --idle --tsv "$2"
    holder=$!
    exec 7>input
    until read -r line <held; do
        alive "$holder" || { cat held; return 1; }
        pause
    done
    same "$line" ready
}

# let_ask N: all of them ask, and N are answered.
let_ask() {
    exec 7>&-
    ends_with 0 "$holder"
    same "$(tail -n 1 held | cut -f 1-3)" "$1"$'\t0\t0'
}

# request TEXT: a new client asks this, and leaves; the reply is $reply. The server may notice
# only later that it has left; after `ask', which waits for the server to close, it has.
request() {
    exec 8<>"/dev/tcp/127.0.0.1/$port"
    printf '%s\n' "$1" >&8
    IFS= read -r -t 90 reply <&8 || { exec 8>&- && echo "no reply to '$1'" && return 1; }
    exec 8>&-
}

# gives REQUEST REPLY
gives() { request "$1" && same "$reply" "$2"; }

# connect N: a connection as descriptor N (4 to 6), for a test that is to go step by step.
connect() { eval "exec $1<>/dev/tcp/127.0.0.1/$port"; }

# say N TEXT: sends a line through it.
say() { printf '%s\n' "$2" >&"$1"; }

# hear N: one line from descriptor N, into $line. Waits for it, but not for ever.
hear() { IFS= read -r -t 90 line <&"$1" || { echo "nothing more is heard from $1"; return 1; }; }

# hears N TEXT: the next line must be this.
hears() { hear "$1" && same "$line" "$2"; }

# join N: a new connection, which the server serves by now.
join() { connect "$1" && say "$1" 'echo here' && hears "$1" here; }

# hold N: a new connection, which is in the gate by now; descriptor 4 keeps that shut.
hold() {
    [ -p door.gate ] || mkfifo door.gate
    connect "$1"
    say "$1" 'hold door'
    exec 4>door.gate # returns once it is inside
}

# who N: sets $process and $thread, which serve connection N.
who() {
    say "$1" who
    hear "$1"
    read -r _ process _ thread _ <<<"$line"
}

# hears_end N: there is no other line, only the end, and sooner than --timeout is over.
hears_end() {
    local result=0
    IFS= read -r -t 50 line <&"$1" 2>/dev/null || result=$?
    [ $result -eq 1 ] || { echo "no end of $1, but status $result, '$line'"; return 1; }
    same "$line" ''
}

# ---- What the server says of itself ----

# pick NAME STATS: a figure, into $figure.
pick() {
    case " $2 " in *" $1="*) ;; *) echo "no $1 in: $2" && return 1 ;; esac
    figure=" $2"
    figure=${figure##* "$1"=}
    figure=${figure%% *}
}

# look NAME: what the server says now, into $figure. To ask takes a client and a request.
look() { request stats && pick "$1" "$reply"; }

counter() { look "$1" && printf '%s\n' "$figure"; }

# until_stats NAME=FIGURE
until_stats() {
    until look "${1%=*}" && [ "$figure" = "${1#*=}" ]; do
        alive "$server" || { cat err; return 1; }
        pause || { echo "$1 was awaited: $reply"; return 1; }
    done
}

# All clients have gone, but for the one that asks.
until_quiet() { until_stats clients=1; }

# until_taken N: it has taken N requests, not counting those of this function.
until_taken() {
    local asked=1
    until look requests && [ $((figure - asked)) -ge "$1" ]; do
        asked=$((asked + 1))
        pause
    done
}

# until_said PATTERN: on stderr, as a pattern for file names would match.
until_said() {
    local text
    # shellcheck disable=SC2053
    until IFS= read -r -d '' text <err || [[ $text == *$1* ]]; do
        pause || { echo "'$1' was awaited"; return 1; }
    done
}

# until_lines N FILE: so many, or more, have been written there.
until_lines() {
    local count
    until count=0; while read -r _; do count=$((count + 1)); done <"$2"; [ "$count" -ge "$1" ]; do
        pause || { echo "$1 lines of $2 were awaited"; return 1; }
    done
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

children_of() {
    local children=''
    read -r children <"/proc/$1/task/$1/children" || true # there is no line end
    printf '%s\n' "$children"
}

# until_gone PROCESSES: all of this list have ended; an orphan may be a zombie for a while.
until_gone() {
    local process
    for process in $1; do
        until case $(state_of "$process") in '' | Z) true ;; *) false ;; esac; do pause; done
    done
}

# Resident memory of the server and its children, in kilobytes.
memory() {
    local process files=()
    for process in $server $(children_of "$server"); do files+=("/proc/$process/status"); done
    cat "${files[@]}" 2>/dev/null | awk '/^VmRSS:/ { sum += $2 } END { print sum + 0 }'
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
    local used
    ! sanitized || return 0
    [ -r "/proc/$server/task/$server/children" ] || return 0
    used=$(memory)
    [ "$used" -lt "$1" ] || { echo "it has $used KB"; return 1; }
}

# x N: so many of them.
x() {
    local text=x
    while [ ${#text} -lt "$1" ]; do text+=$text; done
    printf '%s' "${text:0:$1}"
}
