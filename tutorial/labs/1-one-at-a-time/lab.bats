#!/usr/bin/env bats
# tutorial/labs/1-one-at-a-time/lab.bats - checks server.c: does a client wait for another's end?
# shellcheck disable=SC2016,SC2154

load ../lab

who_closes='server.c: handle_client() closes the socket. When your thread does so again, it may be '
who_closes+='the socket of the next client.'

@test "1.1 [1] one client is answered" {
    did 'A asked `echo hello`'
    expected '`hello`'
    look_at 'serve_all() in server.c: is handle_client() called, with the socket of the client?' \
        'And who closes that socket, and when? (handle_client() does, at its end.)'
    serve A
    gets A 'echo hello' hello
}

@test "1.2 [2] B is answered while A is in the gate" {
    needs 1.1
    did 'A asked `hold door`, with the gate shut; then B asked `echo hello`'
    expected 'B hears `hello`'
    look_at 'serve_all() in server.c: which call does not return while A is served?'
    shut door
    serve A
    say A 'hold door'
    client B
    gets B 'echo hello' hello
}

@test "1.3 [1] the same process serves both" {
    needs 1.2
    did 'A and B asked `who`'
    expected 'the same process, for a thread is not a process'
    look_at 'serve_all() in server.c: what do you start for each client?'
    serve A
    who A
    first=$process
    client B
    who B
    saw "A: process $first, B: process $process"
    is "$process" = "$first"
}

@test "1.4 [2] threads start late or not at all, a thousand come and go, and the server stops" {
    needs 1.3
    did 'A, B and C came; their threads began only when all three were created; A asked `echo a`'
    expected 'A hears `a`'
    look_at 'what you hand to a new thread: is it still what it was when the thread reads it?'
    start
    look workers
    shut start
    client A B C
    until_is workers -ge 4 || true # one for each client; or there is a pool
    open
    gets A 'echo a' a
    for name in A B C; do leave $name; done
    rm start.gate

    saw 'it wrote: a thread was detached that was never created, or for a second time'
    look_at 'server.c: who detaches the threads, and does nobody else?'
    fails grep -q "${saw#*: }" err
    wrote=$saw

    did 'pthread_create failed when D came, as where there are too many threads, and for 1,100' \
        'others; then E came'
    expected 'their connections are closed, and E hears `e`'
    look_at 'server.c: what happens if pthread_create() returns an error, a number above 0?'
    : >no-thread
    client D
    say D 'echo d'
    # There may be a thread that has time for it.
    hear D || [ -n "$closed" ] || { saw='D is still connected' && false; }
    for ((i = 0; i < 5; i++)); do
        "$BIN/load" -p "$port" -c 220 'echo x' >/dev/null 2>&1 3>&- &
        saw 'some of the others are still connected'
        in_time ended $!
    done
    saw "$wrote"
    fails grep -q "${saw#*: }" err
    rm no-thread
    closed=''
    client E
    gets E 'echo e' e

    did '1,200 clients came and left, one after the other'
    expected 'each is answered, and nothing of it stays'
    look_at 'server.c: is there a place in your arrays for each?'
    come_and_go 12 || {
        case $(cat err) in
        *'closed already'*) look_at "$who_closes" ;;
        *'never freed'*) look_at 'server.c: who frees the memory that you hand to a thread?' ;;
        *'neither joined'*) look_at 'server.c: who joins the threads, or are they detached?' ;;
        esac
        false
    }
    did 'all left; then the server got SIGTERM'
    expected 'it ends with status 0, and has closed each socket once'
    look_at 'serve_all() in server.c: what does net_accept() return then?'
    for name in D E observer; do leave $name; done
    stops
    look_at "$who_closes"
    saw "it wrote: $(tail -n 1 err)"
    fails grep -q 'closed already' err
}
