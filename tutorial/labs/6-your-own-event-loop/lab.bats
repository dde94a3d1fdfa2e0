#!/usr/bin/env bats
# tutorial/labs/6-your-own-event-loop/lab.bats - checks loop.c: does it wait for no single client?
# shellcheck disable=SC2015,SC2016,SC2034,SC2154

load ../lab

# send NAME LINES: in one write, where printf would write line by line.
send() {
    descriptor "$1"
    said[descriptor]='its last line'
    cat <<<"$2" >&"$descriptor"
}

@test "6.1 [1] one client is answered" {
    did 'A asked `echo x` and twice `count`, in one write'
    expected '`x`, `1` and `2`'
    look_at 'loop.c: when a client comes, and when it has asked: who calls session_next() and' \
        'session_reply() for it, after which event, and how often? The replies are sent when' \
        'session_next() finds no other request. Is its slot among those of poll()?'
    serve A
    send A $'echo x\ncount\ncount'
    said[descriptor]='echo x'
    hears A x
    look_at 'loop.c: how often is session_next() called when a client is ready? poll() does not' \
        'know of the requests that were read with the first.'
    said[descriptor]='count'
    for n in 1 2; do
        hear A
        look_at 'loop.c: what becomes of the number that perform() returns?'
        got A $n
    done
}

@test "6.2 [2] half a line from one client does not keep another waiting" {
    needs 6.1
    did 'A sent `echo hel`, no line end; B asked `who`; A sent `lo`, and asked `who`'
    expected 'B is answered, then A, both by the same thread'
    look_at 'loop.c: in which call is it while the rest of the line has not come? Is the session' \
        'one for a non-blocking socket (session.h)?'
    serve A
    ask A 'echo x'
    client B
    descriptor A
    printf 'echo hel' >&"$descriptor"
    for request in 'echo x' who; do # the first was perhaps read before what A sent
        ask B "$request" || {
            [ -z "$closed" ] || look_at 'loop.c: which result of session_next() lets a client go?'
            return 1
        }
    done
    B=${line% client*}
    ask A lo
    ask A who
    A=${line% client*}
    look_at 'loop.c: one thread is to serve all'
    saw "A: $A; B: $B"
    same "$A" "$B"
}

@test "6.3 [2] while the clients say nothing, the loop sleeps, until it is told to end" {
    needs 6.2
    did 'three clients were connected; a fourth asked for `wakeups=` again and again; five more' \
        'came and said nothing; then the server got SIGTERM'
    expected 'the loop wakes up once for each request, and once for each new client; it ends'
    look_at 'loop.c: which events does it watch for, and are they there all the time? How long' \
        'may poll() wait?'
    serve A B C
    loop_sleeps
    saw 'it does not only then'
    fails grep -q 'poll() was told' err
    look_at 'loop.c: for which event does it watch a client that is new?'
    count_wakeups client
    saw "the loop woke up $woken times for five clients and five requests"
    is "$woken" -le 12 # once for each, and next to never besides
    look_at 'loop.c: for which event does poll() watch shutdown_descriptor(), and what ends the' \
        'while loop?'
    stops
}

@test "6.4 [2] many requests from one client do not keep others waiting" {
    needs 6.2
    did 'A sent 48 lines of 1 KB, B and C asked for `requests=`, all at the same time'
    expected 'B and C are answered before the last of A, so at less than requests=52'
    look_at 'loop.c: how long does it stay with a client that has sent more?'
    printf -v request '%01000d\n' 0
    for ((i = 0; i < 48; i++)); do requests+=$request; done
    serve B A C
    for name in A B C; do ask $name 'echo x'; done
    freeze
    send A "${requests%$'\n'}"
    for name in B C; do say $name stats; done
    thaw
    for name in B C; do
        hear $name
        pick requests
        saw "$name is answered at requests=$figure"
        is "$figure" -lt 52
    done
}

@test "6.5 [3] a client that does not read keeps nobody waiting, and gets the rest when it reads" {
    needs 6.3
    did 'A asked `help` 10,000 times and read nothing; B asked `echo` ten times; then A read'
    expected 'B is answered, the loop sleeps until A reads, A gets all its replies, and it sleeps'
    serve A B
    printf -v requests '%10000s' ''
    send A "${requests// /help$'\n'}echo the end"
    for turn in {1..10}; do
        ask B "echo $turn" && continue
        look_at 'loop.c: it waits in a call for A to read. Is the socket of a client' \
            'non-blocking (net_accept_now)?'
        ! spins "$server" ||
            look_at 'loop.c: it does not sleep, nor come back to B. Which loop does it not leave' \
                'when session_next() says WANT_WRITE?'
        return 1
    done
    look_at 'loop.c: which events does it watch for after WANT_WRITE, and does it act on each?' \
        'What A has sent is readable all the time.'
    loop_sleeps
    look_at 'loop.c: which event ends the wait after WANT_WRITE?'
    descriptor A
    grep -q 'the end' <&"$descriptor" 3>&- &
    saw 'A did not get the rest'
    in_time ended $!
    wait $!
    look_at 'loop.c: which events does it watch for once WANT_WRITE is over?'
    loop_sleeps
}

@test "6.6 [2] clients come and go, and 1,000 stay at once" {
    needs 6.3
    did 'A and B left at the same time; 1,200 came and left in turn; 1,100 came, waited, and asked'
    expected 'all are answered; at least 1,000 are connected at once; when they have left, and' \
        'while they wait, the loop sleeps'
    look_at 'loop.c: what becomes of the slot of a client that is GONE, and of the other slots?' \
        'How many of them does poll() see?'
    serve A
    look clients # its slot is between those of A and B
    client B
    for name in A B; do ask $name 'echo x'; done
    freeze
    leave A
    leave B
    thaw
    come_and_go 12
    until_is clients -eq 1
    loop_sleeps
    look_at 'loop.c: how many slots are there for clients? When one left, what was moved into its?'
    most=$(ulimit -Hn) # of descriptors; where there are few, 200 clients have to do
    [ "$most" = unlimited ] || [ "$most" -ge 1300 ] && came=1100 || came=200
    mkfifo input
    "$BIN/load" -p "$port" -c "$came" --idle 'echo x' <input >/dev/null 2>&1 3>&- &
    load=$!
    exec 6>input
    for ((i = 100; i < came; i += 100)); do until_is clients -ge $i; done
    look_at 'loop.c: when the array is full, which event of the listener is it that wakes it up?'
    in_time loop_sleeps # once no more are accepted
    look_at 'loop.c: what becomes of a client that comes when the array is full?'
    look requests
    before=$((figure - asked))
    exec 6>&-
    for ((i = 100; i <= came; i += 100)); do until_taken $((before + i)); done
    saw "not all of the $came were answered"
    in_time ended $load
    wait $load
}
