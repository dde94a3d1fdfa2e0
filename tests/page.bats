#!/usr/bin/env bats
# tests/page.bats - the page that a browser gets, in Chromium: its buttons, its bars, its colours.
# Chromium is driven through a pipe, by messages in JSON that end in a NUL (DevTools protocol). What
# it showed is kept in build/page-*.png.

load helpers

setup() {
    begin_test "$BATS_TEST_TMPDIR"
    command -v chromium >/dev/null || skip 'needs chromium'
    open_browser
}

# Chromium, as large as on a projector.
open_browser() {
    mkfifo to_browser from_browser
    exec 5<>to_browser 6<>from_browser
    chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync \
        --user-data-dir="$PWD/profile" --remote-debugging-pipe about:blank \
        3<&5 4>&6 5<&- 6>&- 7>&- >browser.log 2>&1 </dev/null &
    started+=("$!")
    sent=0 session=''
    browser Target.createTarget '"url":"about:blank"'
    browser Target.attachToTarget "\"targetId\":\"$(value targetId)\",\"flatten\":true"
    session=$(value sessionId)
    browser Runtime.enable
    browser Log.enable
    browser Emulation.setDeviceMetricsOverride \
        '"width":1024,"height":768,"deviceScaleFactor":1,"mobile":false'
}

# open_page PROGRAM [OPTION]...: the page of this server.
open_page() {
    launch "$@"
    browser Page.navigate "\"url\":\"http://127.0.0.1:$port/\""
    until_page "location.port + document.readyState + model.textContent" "${port}complete$1"
}

# browser METHOD [PARAMETERS]: its reply is in $message; what else it says goes into events.
browser() {
    sent=$((sent + 1))
    printf '{"id":%d,%s"method":"%s","params":{%s}}\0' "$sent" \
        "${session:+\"sessionId\":\"$session\",}" "$1" "${2-}" >&5
    while IFS= read -r -d '' -t 90 message <&6; do
        case $message in "{\"id\":$sent,"*) break ;; esac
        printf '%s\n' "$message" >>events
    done
    case $message in "{\"id\":$sent,\"result\""*) ;; *) echo "$1: $message" && return 1 ;; esac
}

# value NAME: a text in the reply.
# shellcheck disable=SC2001
value() { sed 's/.*"'"$1"'":"\([^"]*\)".*/\1/' <<<"$message"; }

# page EXPRESSION: its value, a text without quotes, into $text.
page() {
    browser Runtime.evaluate "\"expression\":\"String($1)\",\"awaitPromise\":true"
    case $message in *'"exceptionDetails"'*) echo "$1: $message" && return 1 ;; esac
    text=$(value value)
}

until_page() { # EXPRESSION PATTERN
    until page "$1" && [[ $text =~ ^($2)$ ]]; do pause || { echo "$1: $text"; return 1; }; done
}

# Presses Enter, as a teacher without a mouse does.
press_enter() {
    local key='"key":"Enter","code":"Enter","windowsVirtualKeyCode":13'
    browser Input.dispatchKeyEvent "\"type\":\"keyDown\",$key,\"text\":\"\\r\""
    browser Input.dispatchKeyEvent "\"type\":\"keyUp\",$key"
}

photograph() { # NAME
    browser Page.captureScreenshot
    mkdir -p "$ROOT/build"
    value data | base64 -d >"$ROOT/build/page-$1.png"
}

# bars: a line for each that is drawn, in the order of their ends: begin and end in pixels, and who.
bars() {
    page "[...document.querySelectorAll('#bars i')].map(bar => {
        const box = bar.getBoundingClientRect();
        return [box.left, box.right, bar.nextSibling.textContent].join(' ');
    }).join(';')"
    tr ';' '\n' <<<"$text" | sort -n -k 2
}

# No error is in the page's console; a 404 would be one.
no_error() { ! grep -E '"level":"error"|exceptionThrown|"type":"error"' events || return 1; }

# until_drawn: ten answers are there, and ten bars, all of it on the projector.
until_drawn() {
    until_page 'said.textContent' 'Ten answers in .*'
    bars >drawn
    same "$(grep -c . drawn)" 10
    page '[document.documentElement].every(e => e.scrollWidth <= 1024 && e.scrollHeight <= 768)'
    same "$text" true
}

# served_by N: so many threads or processes.
served_by() { same "$(cut -d ' ' -f 5- drawn | sort -u | wc -l)" "$1"; }

@test "threaded -n 1 is a stair: ten bars, each longer than the one before, by one thread" {
    open_page threaded -n 1
    page 'sleep.focus()'
    press_enter
    until_drawn
    photograph stair
    awk 'NR > 1 && $2 - last < 5 { exit 1 } { last = $2 }' drawn
    served_by 1
    no_error
}

# wall N PROGRAM [OPTION]...: six are with the server before one has its answer, by N of it.
wall() {
    open_page "${@:2}" --lab
    page "primes.value = '/hold/door'"
    page 'primes.click()'
    until_stats running=6
    printf '%s' ten-bytes. >&4
    until_drawn
    head -n 6 <(sort -n drawn) |
        awk '$1 > begin { begin = $1 } !end || $2 < end { end = $2 } END { exit begin >= end }'
    served_by "$1"
    photograph_wall "$2"
    browser Page.navigate '"url":"about:blank"' # or it would go on asking for the statistics
    stop_server
}

# In both colours, as they are without the gate.
photograph_wall() {
    local scheme colours=''
    page "said.textContent = '', sleep.click()"
    for scheme in light dark; do
        until_drawn
        browser Emulation.setEmulatedMedia \
            "\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"$scheme\"}]"
        photograph "$1-$scheme"
        page 'getComputedStyle(document.body).color'
        colours+="$text "
    done
    same "$colours" 'rgb(0, 0, 0) rgb(255, 255, 255) '
}

@test "a wall is of ten threads, of ten processes, or by the one thread of a loop" {
    mkfifo door.gate
    exec 4<>door.gate
    wall 10 threaded
    wall 10 forked
    wall 1 async -w 6
    no_error
}
