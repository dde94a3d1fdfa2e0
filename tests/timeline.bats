#!/usr/bin/env bats
# tests/timeline.bats - tutorial/tools/timeline draws what happened, and says what it cannot draw.

load helpers

timeline() { "$ROOT/tutorial/tools/timeline" "$@"; }

# slice GROUP TRACK BEGIN LENGTH NAME: in milliseconds.
slice() {
    printf '{"ph":"X","pid":%d,"tid":%d,"ts":%d000.000,"dur":%d000.000,"name":"%s"},\n' "$@"
}
called() {
    printf '{"ph":"M","pid":%d,"tid":%d,"name":"thread_name","args":{"name":"%s"}},\n' "$@"
}

begin_trace() {
    echo '['
    printf '{"ph":"M","pid":%d,"tid":0,"name":"process_name","args":{"name":"%s"}},\n' \
        1 clients 2 "$1"
}

# Two clients, each in a thread, who take turns of ten milliseconds; a hundred in all.
staircase() {
    begin_trace threaded
    for ((i = 0; i < 2; i++)); do
        called 2 $((7001 + i)) "thread $((7001 + i))"
        for group in 1 2; do
            slice $group $((group == 1 ? i + 1 : 7001 + i)) 0 100 'primes 1000'
            for ((t = 0; t < 100; t += 10)); do
                if ((t / 10 % 2 == i)); then
                    slice $group $((group == 1 ? i + 1 : 7001 + i)) $t 10 'holding the GIL'
                    slice $group $((group == 1 ? i + 1 : 7001 + i)) $t 10 computing
                else
                    slice $group $((group == 1 ? i + 1 : 7001 + i)) $t 10 'waiting for the GIL'
                fi
            done
        done
    done
}

# row LABEL: what is drawn there.
row() { sed -n "s/^$1 *|//p" picture; }

@test "a trace that nobody of ours wrote can neither command the terminal nor hold up the tool" {
    begin_trace $'\033]0;title\a' >trace
    { slice 1 1 0 9 $'\033[2J'; called 2 7 $'x\033[2J'; slice 2 7 0 9 echo; } >>trace
    for time in '"ts":1.000,"dur":1e999' '"ts":-1e999,"dur":1.000' '"ts":9.000,"dur":-1e999'; do
        echo '{"ph":"X","pid":1,"tid":2,'"$time"',"name":"echo"},'
    done >>trace
    for form in '' --svg; do
        timeline $form trace >picture
        fails grep -q '[^ -~]' picture
    done
}

@test "a GIL is a staircase: one computes and the other waits for it" {
    staircase >trace
    timeline --width 63 trace >picture
    same "$(row 'thread 1')" '|####:::::#####:::::#####:::::#####:::::#####:::::'
    same "$(row 'thread 2')" '|::::#####:::::#####:::::#####:::::#####:::::#####'
    same "$(row 'client 1')" "$(row 'thread 1')"
    grep -q '# computing, holding the GIL' picture
    grep -q '100 ms' picture
}

@test "of two on one core, one computes while the other is ready: no matter of colours" {
    begin_trace async >trace
    for ((i = 0; i < 2; i++)); do
        called 2 $((7001 + i)) "worker $((7001 + i))"
        for ((t = 0; t < 100; t += 20)); do
            slice 2 $((7001 + i)) $((t + 10 * i)) 10 computing
            slice 2 $((7001 + i)) $((t + 10 - 10 * i)) 10 'waiting for a core'
        done
    done >>trace
    timeline --width 63 trace >picture
    same "$(row 'worker 1')" '|####_____#####_____#####_____#####_____#####_____'
    same "$(row 'worker 2')" '|____#####_____#####_____#####_____#####_____#####'
    grep -q '_ ready, waiting for a core' picture
    timeline --svg trace >picture.svg
    same "$(grep -c 'class="computing".*height="18.0"' picture.svg)" 10
    same "$(grep -c 'class="ready".*height="6.0"' picture.svg)" 10
}

@test "turns that are shorter than a column add up to the core that they share" {
    begin_trace forked >trace
    for ((i = 0; i < 4; i++)); do
        for ((t = 0; t < 100; t++)); do
            what='waiting for a core'
            ((t % 4 != i)) || what=computing
            slice 2 $((7001 + i)) $t 1 "$what"
        done
    done >>trace
    timeline --width 63 trace | grep '^thread' >picture
    same "$(grep -c '#.*#.*#.*#.*#' picture)" 4
    turns=$(tr -dc '#' <picture | wc -c)
    [ "$turns" -ge 44 ]
    [ "$turns" -le 56 ]
}

@test "what overlaps is drawn side by side" {
    begin_trace forked >trace
    for client in 1 2; do
        { slice 1 $client 0 100 'primes 9'; slice 1 $client 0 50 computing; } >>trace
    done
    timeline --width 63 trace >picture
    same "$(row 'client 1')" '|########################+++++++++++++++++++++++++'
    same "$(row 'client 2')" "$(row 'client 1')"
}

@test "a part can be drawn alone, and only the clients" {
    staircase >trace
    timeline --width 53 --from 50 --to 70 --tracks clients trace >picture
    same "$(row 'client 1')" '::::::::::::::::::::####################'
    [ "$(row 'thread 1')" = '' ]
}

@test "what is too short to see is seen" {
    { begin_trace async; slice 1 1 0 1000 'sleep 1000'; } >trace
    echo '{"ph":"X","pid":1,"tid":2,"ts":500000.000,"dur":0.100,"name":"echo"},' >>trace
    timeline --width 53 trace >picture
    same "$(row 'client 2')" '                    +'
}

@test "of a crowd some are drawn, and the others counted" {
    begin_trace async >trace
    for ((i = 1; i <= 30; i++)); do slice 1 $i 0 100 'sleep 100'; done >>trace
    timeline trace >picture
    grep -q '^client 20 ' picture
    fails grep -q '^client 21 ' picture
    grep -q '| and 10 more' picture
    timeline --most 30 trace | grep -q '^client 30 '
}

@test "a signal that ended a process is marked" {
    { begin_trace forked; slice 2 7 0 100 'echo'; slice 1 1 0 100 echo; } >trace
    echo '{"ph":"i","s":"t","pid":2,"tid":7,"ts":60000.000,"name":"ended by signal 11"},' >>trace
    timeline trace | grep -q '^thread 1 .*X'
    timeline --svg trace | grep -q 'class="mark"'
}

@test "an SVG is well formed, and needs nothing from elsewhere" {
    staircase >trace
    timeline --svg --title 'A <b> & c' -o picture.svg trace
    fails grep -E '(href|src|url\(|@import|<script)' picture.svg
    grep -q 'A &lt;b&gt; &amp; c' picture.svg
    same "$(grep -o 'http[^"]*' picture.svg | sort -u)" 'http://www.w3.org/2000/svg'
    same "$(head -c 4 picture.svg)$(tail -n 1 picture.svg)" '<svg</svg>'
    ! command -v python3 >/dev/null ||
        python3 -c 'import xml.dom.minidom; xml.dom.minidom.parse("picture.svg")'
}

@test "a trace that was cut is drawn as far as it goes" {
    staircase >whole
    for lines in 12 30 45; do
        { head -n $lines whole; printf '{"ph":"X","pid":1,"ti'; } >trace
        timeline trace >picture
        row 'client 1' | grep -q '#'
    done
}

@test "what a server wrote can be drawn" {
    for program in threaded forked async; do
        launch "$program" --trace trace
        crowd -c 3 -n 2 'sleep 5' >report
        stop_server
        timeline trace >picture
        like "$(row 'client 3')" '[.]'
    done
    timeline --svg trace | grep -q '<text class="quiet".*>loop 1</text>'
}

@test "names are taken as they are: no assignment, no escape" {
    staircase >run=1.json
    timeline --width 63 run=1.json >picture
    row 'thread 1' | grep -q '####'
    timeline --title 'C:\new\table & more' run=1.json >picture
    same "$(head -n 1 picture)" 'C:\new\table & more'
}

@test "a file in which nothing happens is named, and so is a full disk" {
    staircase >trace
    begin_trace threaded >empty
    : >emptier
    echo 'no timeline' >other
    for words in empty emptier other '--from 100 trace'; do
        # shellcheck disable=SC2086 # several words
        run -1 timeline $words
        like "$output" "^timeline: nothing happens in '${words##* }'"
    done
    run -1 timeline no-such-file
    same "$output" "timeline: there is no file 'no-such-file' to read"
    [ -w /dev/full ] || return 0
    for words in trace --help; do fails timeline $words >/dev/full 2>said; done
}

# ---- What all scripts begin with: tutorial/tools/begin ----

@test "what its user has set, or exported, changes nothing" {
    staircase >trace
    timeline --width 80 trace >picture
    # shellcheck disable=SC2317
    sort() { echo mine; }
    export -f sort
    CDPATH=/ POSIXLY_CORRECT=1 LC_ALL=de_DE.UTF-8 COLUMNS=0 GREP_OPTIONS=-v \
        timeline trace | cmp - picture
    # shellcheck disable=SC2016
    run -0 env SHELLOPTS=errexit:keyword:noclobber:noglob \
        bash -uc '. "$0/tutorial/tools/begin" && echo $- && bash -c "echo \$-"' "$ROOT"
    same "$output" $'huBc\nhBc'
}

@test "a script that is interrupted, and then once more, cleans up all the same" {
    cat >script <<'END'
. "$1/tutorial/tools/begin"
clean_up() {
    : >cleaning
    until [ -e twice ]; do sleep 0.02; done
    : >cleaned
}
clean_up_with clean_up
: >ready
while :; do sleep 0.02; done
END
    set -m # or it would ignore SIGINT
    bash script "$ROOT" 3>&- &
    started+=($!)
    until [ -e ready ]; do pause; done
    kill -INT $!
    until [ -e cleaning ]; do pause; done
    kill -INT "-$!"
    : >twice
    ends_with 130 $!
    [ -e cleaned ]
}
