#!/usr/bin/env bats
# tests/trace.bats - the timelines: whole, true, and on each track one thing at a time.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154

load helpers

# slices [-v cut=1]: those of the file trace, into the file slices, in their order on each track.
slices() {
    awk "$@" -f "$ROOT/tests/units/trace.awk" trace >found || return 1
    sort -k 1,1 -k 2,2n -k 3,3nr found >slices
}

# Slices of one track lie side by side or inside each other. A time has three digits behind the
# point, but is read as binary: the last one may be off by one.
nested() {
    awk -F '\t' '
        $1 != track { track = $1; depth = 0 }
        {
            while (depth && ends[depth] <= $2 + 1) depth--
            if (depth && $3 > ends[depth] + 1) { print "overlaps: " $0; exit bad = 1 }
            ends[++depth] = $3
        }
        END { exit bad }' slices
}

# apart NAME: slices of this name do not overlap, whatever tracks of threads they are on.
apart() {
    grep '^2/' slices | awk -F '\t' -v name="$1" '$4 == name' | sort -k 2,2n >alone
    [ -s alone ]
    awk -F '\t' '$2 + 1 < end { print "overlaps: " $0; exit bad = 1 } { end = $3 } END { exit bad }' alone
}

# how_many NAME TRACKS: slices of this name on tracks of clients (1) or of threads (2).
how_many() { awk -F '\t' -v name="$1" -v kind="^$2/" '$1 ~ kind && $4 == name' slices | wc -l | tr -d ' '; }

tracks() { grep "^$1/" slices | cut -f 1 | sort -u | wc -l | tr -d ' '; }

# traced PROGRAM [OPTION]...: asks for something of everything.
traced() {
    launch "$@" --trace trace
    crowd -c 20 -n 50 'echo hello' >report
    crowd -c 20 -n 1 'sleep 10' >report
    crowd -c 4 -n 5 'primes 20000' >report
    stop_server
    slices
    nested
    same "$(how_many 'echo' 1)" 1000
    same "$(how_many 'sleep 10' 1)" 20
    same "$(how_many 'primes 20000' 1)" 20
    same "$(how_many waiting 1)" 20
    same "$(how_many computing 1)" 20
    same "$(how_many computing 2)" 20
    same "$(tracks 1)" 44
}

@test "threaded: each request is a slice, and each client and thread has a track" {
    traced threaded
    same "$(how_many echo 2)" 1000
    same "$(grep -c '"name":"thread [0-9]*"' trace)" 44
}

@test "threaded -n 4: clients take turns on the tracks of four threads" {
    traced threaded -n 4
    [ "$(tracks 2)" -le 4 ]
}

@test "threaded --gil: one thread holds it at a time, and computes only meanwhile" {
    traced threaded --gil
    apart 'holding the GIL'
    apart computing
    same "$(how_many 'waiting for the GIL' 2)" "$(how_many 'holding the GIL' 2)"
}

@test "threaded --gil: who computes for long gives way, again and again" {
    launch threaded --gil --trace trace
    crowd -c 3 -n 1 'primes 2000000' >report
    stop_server
    slices
    nested
    apart 'holding the GIL'
    [ "$(how_many 'holding the GIL' 2)" -gt 3 ]
}

@test "forked: each request is a slice, and each client and process has a track" {
    traced forked
    same "$(how_many echo 2)" 1000
    same "$(grep -c '"name":"process [0-9]*"' trace)" 44
}

@test "forked -n 4: clients take turns on the tracks of four processes" {
    traced forked -n 4
    [ "$(tracks 2)" -le 4 ]
}

@test "forked: the signal that ended a child is on its track, and the others go on" {
    launch forked --lab --trace trace
    crowd -c 5 -n 20 'echo before' >report
    connect 4
    say 4 who
    hear 4
    child=$(printf '%s\n' "$line" | sed 's/^process \([0-9]*\) .*/\1/')
    say 4 crash
    hears_end 4
    crowd -c 5 -n 20 'echo after' >report
    stop_server
    slices
    nested
    grep -q "\"pid\":2,\"tid\":$child,\"ts\":[0-9.]*,\"name\":\"ended by signal" trace
    same "$(how_many echo 1)" 200
}

@test "async: a loop and its workers have tracks of their own" {
    traced async -w 2
    same "$(grep -c '"name":"loop [0-9]*"' trace)" 1
    [ "$(awk -F '\t' '$1 ~ /^2/ && $4 == "computing" { print $1 }' slices | sort -u | wc -l)" -le 2 ]
    same "$(how_many queued 1)" 20
}

@test "async -w 0: what computes does so on the loop's track" {
    traced async -w 0
    same "$(tracks 2)" 1
    apart computing
}

@test "async -n 4, --callbacks and poll: the same timeline" {
    traced async -n 4 -w 2
    traced async --callbacks
    traced async --backend poll
}

@test "requests that come many at a time are slices side by side" {
    for program in threaded forked async; do
        launch "$program" --trace trace
        crowd -c 10 -n 500 -P 16 'echo x' >report
        stop_server
        slices
        nested
        same "$(how_many echo 1)" 5000
    done
}

@test "forked: whoever crashes while others write, the timeline is whole" {
    launch forked --lab --trace trace
    begin report crowd -c 10 -n 5000 'echo x'
    for _ in 1 2 3 4 5 6 7 8; do
        "$BIN/ask" -p "$port" 'echo x' crash >said 2>&1 || true
    done
    ends_with 0 "${started[0]}"
    stop_server
    slices
    nested
    [ "$(how_many echo 1)" -ge 50000 ]
    same "$(grep -c '"name":"ended by signal' trace)" 8
}

@test "a server that is killed leaves what it wrote" {
    for program in threaded forked async; do
        launch "$program" --trace trace
        begin report crowd -c 10 -d 60 'echo x'
        until [ "$(wc -c <trace)" -gt 100000 ]; do pause; done
        kill -KILL "$server"
        ends_with 137 "$server"
        slices -v cut=1
        nested
        [ "$(how_many echo 1)" -gt 300 ]
    done
}

@test "a timeline is JSON" {
    command -v python3 >/dev/null || skip 'needs python3'
    launch forked --trace trace
    crowd -c 10 -n 10 'sleep 1' >report
    stop_server
    python3 -c 'import json; assert len(json.load(open("trace"))) > 200'
}

@test "a file that cannot be written is named, and nothing is served" {
    for program in threaded forked async; do
        refuses "$program" -p 0 --trace no/such/place
        same "$status" 1
        same "$(cat said)" "$program: no/such/place: No such file or directory"
    done
}

@test "a disk that is full ends the timeline and not the service" {
    [ -w /dev/full ] || skip 'needs /dev/full'
    for program in threaded forked async; do
        launch "$program" --trace /dev/full
        crowd -c 10 -n 10 'echo still here' >report
        stop_server
        like "$(cat err)" "^$program: the timeline ends here: No space left on device"
    done
}
