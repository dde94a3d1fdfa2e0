# tutorial/labs/lab.bash - what the checks of all labs share: a server to start, clients that talk
# to it, and patience.
#
# A test is a point of the lab: "2.2 [3] eight clients get eight numbers" is worth 3. It says what
# it did, expected and saw; that is shown when it fails. Nothing here is judged by the clock.
# shellcheck shell=bash disable=SC2034,SC2094,SC2119,SC2120

bats_require_minimum_version 1.8.0

ROOT=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
BIN=${OUR_BIN:-bin}
case $BIN in /*) ;; *) BIN=$ROOT/$BIN ;; esac
number=${BATS_TEST_DIRNAME##*/} # of the lab
number=${number%%-*}
PROGRAM=${LAB_PROGRAM:-$BIN/lab$number} # which is checked
file=$(sed -n 's/.*lab.bats - checks \([a-z_]*\.[a-z]*\).*/\1/p' "$BATS_TEST_FILENAME")

# ---- The points ----

did() { did=$*; }
expected() { expected=$*; }
look_at() { look_at=$*; }
saw() { saw=$*; }

# needs POINT...: this one is tried only if they have been reached.
needs() {
    local point
    for point in "$@"; do
        [ -e "$BATS_FILE_TMPDIR/$point" ] || { untried=yes && skip "needs $point"; }
    done
}

# same WHAT AS, and is NUMBER OPERATOR NUMBER: what must be so. The point has said what it saw.
same() { [ "$1" = "$2" ]; }
is() { test "$1" "$2" "$3"; }
fails() { ! "$@"; }

# Another server, whose work is the measure of patience. It serves one client at a time, so that it
# is no answer to pass the clients on to it.
setup_file() {
    mkfifo "$BATS_FILE_TMPDIR/announced"
    "$BIN/threaded" -m 1 --port 0 >"$BATS_FILE_TMPDIR/announced" 2>&1 3>&- &
    echo $! >"$BATS_FILE_TMPDIR/reference"
    IFS=: read -r _ reference <"$BATS_FILE_TMPDIR/announced"
    export reference # its port
    work 1
}

teardown_file() {
    local process
    process=$(cat "$BATS_FILE_TMPDIR/reference")
    kill -KILL "$process"
    wait "$process" 2>/dev/null || true
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    trap '' PIPE # to talk to a server that has crashed is no reason to end
    trap - DEBUG; set +T # the trace of Bats costs time, and nobody is shown it
    names=() said=() server='' asked=0 untried='' closed='' limit=''
    did='' expected='' saw='' look_at=''
}

teardown() {
    local void='' # after a race the server may have gone on; a cheat may have killed our own
    if grep -qs 'SUMMARY: ThreadSanitizer' err || [ -e "$BATS_FILE_TMPDIR/lost" ]; then void=yes; fi
    if [ -n "$untried" ]; then
        return
    elif [ -n "${BATS_TEST_COMPLETED-}" ] && [ -z "$void" ]; then
        : >"$BATS_FILE_TMPDIR/${BATS_TEST_DESCRIPTION%% *}"
    else
        look_for_crash
        printf '%-9s %s\n' did "$did" expected "$expected" seen "$saw" 'look at' "$look_at"
    fi
    [ -z "$server" ] || { kill -KILL "$server"; wait "$server"; } 2>/dev/null || true
    [ -z "$void" ]
}

# look_for_crash: says so if the server has ended by itself, and what it wrote last. Of a crash, the
# end of a connection is heard first.
look_for_crash() {
    local status=0 last frame sanitizer=''
    [ -z "$closed" ] || in_time false || true
    last=$({ grep -m 1 'runtime error:' err || grep SUMMARY err ||
        grep -vE '^(client|descriptor|a child|link_answer)' err; } 2>/dev/null | tail -n 1)
    if [ -n "$server" ] && ! alive; then
        wait "$server" || status=$?
        saw="the server ended with status $status"
        [ $status -le 128 ] || saw="the server crashed: SIG$(kill -l $status)"
        case $saw in
        *ILL | *TRAP) saw+=', as for an index beyond its array' ;;
        *crashed*) ;;
        *) look_at+=' And which line ends the server?' ;;
        esac
    fi
    case $number:$last:$saw in # what the one or the other has led to the line of
    *' crashed'*) sanitizer=address ;;
    1::*' no reply'* | 1::*' closed '* | 2::'the numbers'*) sanitizer=thread ;;
    [67]::*' no reply'* | [4-7]::*' closed '*) sanitizer=address ;;
    esac
    frame=$(frames | head -n 1)
    if [ -n "$frame" ]; then
        look_at=$frame
    else
        look_at+=${sanitizer:+" Perhaps \`make SAN=$sanitizer lab N=$number\` names a line."}
    fi
    [[ -z $last || $saw = *"$last"* ]] || saw+="; it wrote: ${last:0:300}"
}

# frames: the lines of the student's file that a sanitizer names, innermost first.
frames() {
    sed -nE "s/.* ([A-Za-z_0-9]+) [^ ]*labs\/([^ ]*\/$file|[0-9]\/[^ :]*):([0-9]+).*/\1() in \
$file, line \3/p" err 2>/dev/null
}

# ---- Patience ----

# in_time COMMAND...: repeats it until it succeeds. Fails when meanwhile another server has answered
# ten thousand requests, which takes the longer the busier this machine is, and two seconds besides,
# for one core may do nothing while the other goes on; or when the command returns 2, as it never
# will; or when the lab's server has ended.
in_time() {
    local count status
    for count in 100 200 400 800 1600 3200 3700; do
        status=0
        "$@" || status=$?
        [ $status -eq 1 ] || return $status
        alive || break
        work "$count" || { : >"$BATS_FILE_TMPDIR/lost"
            saw 'nothing: the check has lost its own server' && return 2; }
        [ "$count" -lt 800 ] || sleep 0.5
    done
    "$@" # the last reply of a server that has ended
}

# work N: so many requests. On a machine that has too much to do they may fail; then a second is
# waited for in their place, so that failing fast is no end of patience.
work() {
    "$BIN/load" -t 5 -p "$reference" -n "$1" 'echo x' >/dev/null 2>&1 ||
        { sleep 1 && kill -0 "$(<"$BATS_FILE_TMPDIR/reference")" 2>/dev/null; }
}

# ---- The server ----

# start [OPTION]...: the lab's server, in the directory of the point. Its process is $server. It may
# have $limit descriptors.
start() {
    (
        ulimit -c 0 ${limit:+-n "$limit"}
        exec ${LAB_GUARD:+"$LAB_GUARD"} "$PROGRAM" --lab --timeout 0 --port 0 "$@" 3>&- 5>&-
    ) </dev/null >out 2>err &
    server=$!
    in_time listens || { saw "it does not listen: $(tail -n 1 err)"; return 1; }
}
# serve NAME...: starts it, and connects these clients.
serve() { start && client "$@"; }
listens() {
    port=$(sed -n 's/.*listening on .*:\([0-9][0-9]*\)$/\1/p' out)
    [ -n "$port" ]
}

alive() { kill -0 "$server" 2>/dev/null; }

# stops: asked to stop, the server ends, and well.
stops() {
    local status=0
    kill -TERM "$server"
    saw 'the server still runs'
    in_time ended "$server" || return
    wait "$server" || status=$?
    server=''
    saw "the server ended with status $status"
    is $status -eq 0 || return
    saw 'the server did not end before its last resort, an alarm, cut it'
    fails grep -q 'did not end in time' err
}
ended() { ! kill -0 "$1" 2>/dev/null; } # of a child of this shell

# Between these two, what clients do happens at the same time for the server.
freeze() { kill -STOP "$server" && in_time frozen; }
thaw() { kill -CONT "$server"; }
frozen() { exists "$server" && [[ $state = T* ]]; }

# shut NAME: makes a gate, in which requests stop. There is one at a time. let_out: one of those
# that are inside may go on. open: all of them, and the next thousands that come.
shut() {
    rm -f "$1.gate"
    mkfifo "$1.gate"
    exec 5<>"$1.gate"
}
let_out() { printf . >&5; }
open() { printf '%4000s' '' >&5; }

# ---- Its clients ----

# client NAME...: connects them, each under a name of its own.
client() {
    local name
    for name in "$@"; do
        names+=("$name")
        descriptor "$name"
        eval "exec $descriptor<>/dev/tcp/127.0.0.1/$port" 2>/dev/null ||
            { closed=yes saw="$name could not connect"; return 1; }
    done
}

descriptor() { # NAME
    local i
    for i in "${!names[@]}"; do
        [ "${names[i]}" != "$1" ] || descriptor=$((20 + i))
    done
}

# leave NAME: closes its connection.
leave() {
    descriptor "$1"
    eval "exec $descriptor>&-"
}

# say NAME REQUEST
say() {
    descriptor "$1"
    said[descriptor]=${2//$'\n'/, }
    printf '%s\n' "$2" >&"$descriptor" || true # it may have gone
}

# hear NAME: the next reply, in $line.
hear() {
    descriptor "$1"
    line=''
    in_time heard || {
        [ $? -eq 2 ] && closed=yes saw="the server closed the connection of $1" ||
            saw="$1 got no reply${said[descriptor]:+ to \`${said[descriptor]}\`}"
        return 1
    }
}

# heard: adds to $line what there is of it. Returns 0 at its end, 1 if that is not there yet, 2 at
# the end of the connection. Byte by byte: a `read -t` that is held back may have taken a whole line
# and say that it timed out, and then its end is lost.
heard() {
    local byte status=0
    if [ "${BASH_VERSINFO[0]}" -eq 4 ]; then # would lose a byte that comes with the end of a moment
        read -r -t 0 -u "$descriptor" || { sleep 0.01; return 1; }
    fi
    while IFS= read -r -d '' -n 1 -t "$moment" -u "$descriptor" byte 2>/dev/null || status=$?
        [ -n "$byte" ]; do
        [ "$byte" != $'\n' ] || return 0
        line+=$byte
    done
    [ $status -eq 1 ] && return 2 || return 1
}
moment=0.01
[ "${BASH_VERSINFO[0]}" -ge 5 ] || moment=1 # Bash 3 knows whole seconds only

# hears NAME REPLY: the next one must be this. got: the last one that was heard.
hears() { hear "$1" && got "$1" "$2"; }
got() {
    saw "$1 got \`$line\` for \`${said[descriptor]}\`"
    same "$line" "$2"
}

# ask NAME REQUEST, and its reply is in $line.
ask() { say "$1" "$2" && hear "$1"; }

# gets NAME REQUEST REPLY: asks, and the reply must be this.
gets() { say "$1" "$2" && hears "$1" "$3"; }

# come_and_go N: N hundred clients, one after the other, are all answered.
come_and_go() {
    local last
    for ((last = 20; last <= $1 * 100; last += 20)); do # each few with their own patience
        "$BIN/load" -p "$port" -n 20 --churn 'echo x' >/dev/null 2>&1 3>&- &
        saw "not all of the first $last clients were answered"
        in_time ended $! && wait $! || return
    done
}

# ends NAME: its connection does. Nothing is to be heard of it before.
ends() {
    local status=0
    descriptor "$1"
    line=''
    in_time heard || status=$?
    saw "the connection of $1 is still open${line:+, and it got \`$line\`}"
    is $status -eq 2
}

# ---- Its processes ----

# who NAME: which $process serves it.
who() {
    ask "$1" who || return
    read -r _ process _ <<<"$line"
}

# exists PROCESS: sets its $state, which is Z for a zombie, and its $parent.
exists() {
    local stat
    if [ -r /proc/self/stat ]; then
        { read -r stat <"/proc/$1/stat"; } 2>/dev/null && stat=${stat##*) }
    else
        stat=$(ps -o stat= -o ppid= -p "$1")
    fi && read -r state parent _ <<<"$stat"
}

# spins PROCESS: it is not waiting for anything.
spins() { exists "$1" && [[ $state = R* ]]; }

# dead PROCESS...: none of them runs any more, but it may be a zombie.
dead() {
    local process
    for process in "$@"; do
        saw "process $process still runs"
        ! exists "$process" || [[ $state = Z* ]] || return
    done
}

# ---- What the server says of itself ----

# look NAME: this figure of its statistics, now, in $figure. pick NAME: another of the same reply.
look() {
    [[ " ${names[*]} " = *' observer '* ]] || client observer || return
    ask observer stats || return
    asked=$((asked + 1))
    pick "$1"
}
pick() {
    figure=" $line"
    figure=${figure##* "$1"=}
    figure=${figure%% *}
}

# until_is NAME OPERATOR NUMBER: waits until the figure is so: until_is waiting -ge 1
until_is() { in_time looks "$@"; }
looks() {
    look "$1" || return 2
    saw "$1=$figure"
    is "$figure" "$2" "$3"
}

# until_taken N: the server has taken so many requests, those of the observer not counted.
until_taken() { in_time has_taken "$1"; }
has_taken() {
    look requests || return 2
    saw "the server took $((figure - asked)) of $1 requests"
    is $((figure - asked)) -ge "$1"
}

# loop_sleeps: while another server answers two thousand requests, the loop wakes up for five of the
# observer, and next to never besides.
loop_sleeps() {
    count_wakeups true || return
    saw "the loop woke up $woken times for five requests"
    is "$woken" -ge 1 && is "$woken" -le 15
}

# count_wakeups COMMAND: those of the loop while this is done with 1, 2, ... 5, in $woken.
count_wakeups() {
    local before turn
    look wakeups || return
    before=$figure
    for turn in 1 2 3 4 5; do
        "$1" "$turn" || return
        work 400
        look wakeups || return
    done
    woken=$((figure - before))
}
