#!/usr/bin/env bats
# tests/trace.bats - the timelines: whole, true, and on each track one thing at a time.

load helpers

# read_trace [-v cut=1]: the slices of the file trace, into the file slices: track, begin and end in
# nanoseconds, name, in their order on each track. How many there are of each name, and how many
# tracks, into $amounts. Slices of one track lie side by side or inside each other. A time has three
# digits behind the point, but is read as binary: the last one may be off by one.
read_trace() {
    awk "$@" -f "$ROOT/tests/units/trace.awk" trace || return 1
    awk -f "$ROOT/tutorial/tools/timeline-read.awk" trace | awk -F '\t' '$5 == "slice" {
        printf "%d/%d\t%.0f\t%.0f\t%s\n", $1, $2, $3 * 1000, $4 * 1000, $6
    }' | sort -k 1,1 -k 2,2n -k 3,3nr >slices
    amounts=$(awk -F '\t' '
        { kind = substr($1, 1, 1) }
        $1 != track { track = $1; depth = 0; amount[kind "/tracks"]++ }
        {
            while (depth && ends[depth] <= $2 + 1) depth--
            if (depth && $3 > ends[depth] + 1) {
                print "overlaps: " $0 >"/dev/stderr"
                exit bad = 1
            }
            ends[++depth] = $3
            amount[kind "/" $4]++
        }
        END { for (name in amount) printf " %s=%d", name, amount[name]; exit bad }' slices)
}

# apart NAME: slices of this name do not overlap, whatever tracks of threads they are on.
apart() {
    awk -F '\t' -v name="$1" '/^2/ && $4 == name' slices | sort -k 2,2n | awk -F '\t' '
        $2 + 1 < end { print "overlaps: " $0; exit bad = 1 }
        { end = $3 }
        END { exit bad || NR == 0 }'
}

# amount NAME: of slices on tracks of clients (1/NAME) or of threads (2/NAME), into $figure.
amount() { case $amounts in *" $1="*) pick "$1" "$amounts" ;; *) figure=0 ;; esac; }

# has N NAME: so many slices.
has() { amount "$2" && same "$figure $2" "$1 $2"; }

# as_many NAME NAME: as many of the one as of the other.
as_many() { amount "$1" && has "$figure" "$2"; }

# traced PROGRAM [OPTION]...: asks for something of everything, also many at a time.
traced() {
    launch "$@" --trace trace
    crowd -c 20 -n 20 'echo hello' >report
    crowd -c 10 -n 60 -P 16 'echo x' >report
    crowd -c 10 -n 1 'sleep 10' >report
    crowd -c 4 -n 5 'primes 20000' >report
    stop_server
    read_trace
    has 1000 1/echo
    has 10 '1/sleep 10'
    has 20 '1/primes 20000'
    has 10 1/waiting
    has 44 1/tracks
    as_many 1/computing 2/computing
    as_many '1/waiting for a core' '2/waiting for a core'
    amount 1/computing
    [ "$figure" -ge 20 ] # more, where there was no core for a while
}

@test "each request is a slice, each client and thread or process has a track, and it is JSON" {
    for model in threaded,thread forked,process; do
        traced "${model%,*}"
        has 1000 2/echo
        same "$(grep -c "\"name\":\"${model#*,} [0-9]*\"" trace)" 44
    done
    ! command -v python3 >/dev/null ||
        python3 -c 'import json; assert len(json.load(open("trace"))) > 2000'
}

@test "in a pool of four, clients take turns on the tracks of four threads or processes" {
    for program in threaded forked; do
        traced $program -n 4
        amount 2/tracks
        [ "$figure" -le 4 ]
    done
}

@test "threaded --gil: one thread holds it at a time, and computes only meanwhile" {
    traced threaded --gil
    apart 'holding the GIL'
    apart computing
    as_many '2/waiting for the GIL' '2/holding the GIL'
}

# in_turns PROGRAM [OPTION]...: two clients compute at the same time, on one core. What they compute
# adds up to no more than the time that went by; a tenth is for interruptions too short to be seen.
in_turns() {
    launch "$@" --trace trace
    crowd -c 2 -n 1 'primes 1000000' >report
    stop_server
    read_trace
    awk -F '\t' '
        !/^1/ { next }
        first == 0 || $2 < first { first = $2 }
        $3 > last { last = $3 }
        $4 == "computing" { sum += $3 - $2 }
        END {
            print sum / 1e6 " of " (last - first) / 1e6 " ms"
            exit sum > 1.1 * (last - first)
        }' slices
}

@test "on one core no two compute at the same time: one is ready, and waits for the core" {
    core=$(taskset -pc $$ | sed 's/.*[:,-] *//') && taskset -pc "$core" "$BASHPID" ||
        skip 'needs taskset'
    in_turns threaded --gil
    amount '2/holding the GIL'
    [ "$figure" -gt 3 ] # who computes for long gives way, again and again
    for program in threaded forked async; do
        in_turns "$program"
        amount '1/waiting for a core'
        [ "$figure" -ge 2 ]
    done
}

@test "async: a loop and its workers have tracks of their own" {
    traced async -w 2
    same "$(grep -c '"name":"loop [0-9]*"' trace)" 1
    awk -F '\t' '/^2/ && $4 == "computing" && !seen[$1]++ { n++ } END { exit n > 2 }' slices
    has 20 1/queued
}

@test "async -w 0: what computes does so on the loop's track" {
    traced async -w 0
    has 1 2/tracks
    apart computing
}

@test "async -n 4, --callbacks and poll: the same timeline" {
    traced async -n 4 -w 2 --backend poll
    traced async --callbacks
}

@test "forked: whoever crashes while others write, the timeline is whole and has the signal" {
    launch forked --lab --trace trace
    begin report crowd -c 10 -n 1000 'echo x'
    for _ in 1 2 3 4; do
        connect 4
        who 4
        say 4 crash
        hears_end 4
        crashed+=("$process")
    done
    ends_with 0 "${started[0]}"
    stop_server
    read_trace
    has 10000 1/echo
    has 4 1/who
    for child in "${crashed[@]}"; do
        grep -q "\"pid\":2,\"tid\":$child,\"ts\":[0-9.]*,\"name\":\"ended by signal" trace
    done
}

@test "whatever a thread did before it waited survives a crash" {
    for program in threaded 'threaded -n 1' 'threaded --gil' forked async 'async --callbacks'; do
        read -ra words <<<"$program"
        launch "${words[@]}" --lab --trace trace
        join 4
        say 4 crash
        hears_end 4
        case $program in forked) stop_server ;; *) ends_with $((128 + 11)) "$server" ;; esac
        read_trace -v cut=1
        has 1 1/echo
    done
}

@test "a server that is killed leaves what it wrote" {
    for program in threaded forked async; do
        launch "$program" --trace trace
        connect 4
        say 4 $'who\nsleep 60000'
        until_stats waiting=1
        begin report crowd -c 10 -d 60 'echo x'
        until [ "$(wc -c <trace)" -gt 40000 ]; do pause; done
        kill -KILL "$server"
        ends_with 137 "$server"
        read_trace -v cut=1
        amount 1/echo
        [ "$figure" -gt 100 ]
        has 1 1/who
    done
}

@test "a name that is too long, or no word of JSON, harms no timeline" {
    for name in "$(x 700)" 'what is "this" \ that'; do
        printf '#!/usr/bin/env bash\nexec -a %q %q "$@"\n' "$name" "$BIN/threaded" >named
        chmod +x named
        BIN=$PWD launch named --trace trace
        gives 'echo hello' hello
        stop_server
        grep -q '"process_name","args":{"name":"[^"\\]*"}},$' trace
        read_trace
        has 1 1/echo
    done
}

@test "a server that cannot write its file, or listen, serves nothing and leaves files alone" {
    launch threaded --trace trace
    gives 'echo hello' hello
    refuses forked -p 0 --trace no/such/place
    same "$status $(cat said)" '1 forked: no/such/place: No such file or directory'
    refuses async -p "$port" --trace trace
    same "$status" 1
    stop_server
    read_trace
    has 1 1/echo
}

@test "a disk that fills ends the timeline and not the service, and is told of once" {
    ulimit -S -f 8 # as when a disk fills, but for the name of the error
    for program in threaded forked async; do
        launch "$program" --trace trace
        crowd -c 40 -n 20 'echo still here' >report
        stop_server
        same "$(cat err)" "$program: the timeline ends here: File too large"
    done
}
