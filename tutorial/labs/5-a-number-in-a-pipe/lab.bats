#!/usr/bin/env bats
# tutorial/labs/5-a-number-in-a-pipe/lab.bats - checks link.c: do all processes count together?
# shellcheck disable=SC2016,SC2154,SC2317

load ../lab

# counts NAME NUMBER: it asks `count`, and this is the reply, as to so many requests. If not, what
# the processes said with --verbose, until one ended, tells which function is to blame.
counts() {
    local asked
    gets "$1" count "$2" && return
    asked=$(sed '/^link_ask/q; /^a child/q' err | grep -c '^link_answer() is called') || true
    if grep -q '^link_keep' err; then
        look_at "$(grep -m 1 -o '^link_keep[a-z_]*()' err) in link.c: which end does" \
            'it close, of which links?'
    elif [[ $line = error* ]]; then
        look_at 'link_open() in link.c: why does it return false?'
    elif [ -n "$closed" ] && ! sed '/^a child/q' err | grep -q '^link_'; then
        look_at 'link_ask() in link.c: which line of it crashes the child?'
    elif [ "$asked" -lt "$2" ]; then
        look_at 'link_ask() in link.c: no question came this time. Whose number does it return?' \
            'Can it read and write at the end of the child (link_open)?'
    elif sed '/^link_ask/q' err | grep -q 'false$'; then
        look_at 'link_answer() in link.c: what do its read() and write() return, and at which' \
            'end? Is that open (link_keep_parents_end)?'
    elif [[ $line = ? ]]; then
        look_at 'link_answer() in link.c: when does it add 1, and to what? Is each question' \
            'answered once? And does link_ask() return what it has read?'
    elif [ -n "$line$closed" ]; then
        look_at 'link_answer() in link.c: to what does it add 1, and what does it write? Are as' \
            'many bytes of the question, and of the long, read as were written?'
    else
        look_at 'link_answer() in link.c: does it write the answer, and to which end?'
    fi
    return 1
}

@test "5.1 [1] two clients count 1, 2 and 3" {
    did 'A asked `count`, then B, and then A again'
    expected '1, 2 and 3'
    start --verbose
    client A B
    counts A 1
    counts B 2
    counts A 3
}

@test "5.2 [2] eight clients count 40 times each" {
    needs 5.1
    did 'eight clients asked `count` 40 times each, all at once'
    expected 'the numbers 1 to 320, each once'
    look_at 'link_ask() in link.c: does it read the answer to its own question, each time?'
    start
    eight=(A B C D E F G H)
    client "${eight[@]}"
    requests=$(printf 'count\n%.0s' {1..40})
    for name in "${eight[@]}"; do say "$name" "$requests"; done
    numbers=''
    for name in "${eight[@]}"; do
        for ((i = 0; i < 40; i++)); do
            hear "$name"
            numbers+=$line$'\n'
        done
    done
    numbers=$(sort -n <<<"${numbers%?}")
    different=$(uniq <<<"$numbers" | wc -l)
    saw "$((different)) different numbers, the highest is ${numbers##*$'\n'}"
    same "$numbers" "$(printf '%d\n' {1..320})"
}

@test "5.3 [1] a child that has ended takes no number with it" {
    needs 5.1
    did 'B and A were connected; A left; when its process had ended, B asked `count`'
    expected '1'
    look_at 'link_answer() in link.c: what does read() return at end of file?'
    serve B A # the parent looks at the last link first
    who A
    leave A
    in_time dead "$process"
    gets B count 1
}

@test "5.4 [1] the parent notices that children have ended" {
    needs 5.1
    did 'A, B and C were connected; then A left, and B asked `crash`'
    expected 'the links to A and B are gone: workers=2 is one for C, and one for the observer'
    look_at 'link_keep_parents_end() in link.c: end of file comes when no process has the other' \
        'end open. Does the parent? And has such a socket an end of file (link_open)?'
    start --verbose
    client A B C
    leave A
    say B crash
    until_is workers -eq 2 || {
        ! grep -q '^a child' err ||
            look_at 'link_answer() in link.c: does it return false at end of file?'
        return 1
    }
}

@test "5.5 [1] a child that asks does not wait for a parent that has ended" {
    needs 5.1
    did 'A, B and C asked `count`; A asked again, and the parent took the question and ended'
    expected 'the process of A ends, and so does its connection; and so of B, when it asks'
    look_at 'link_keep_childs_end() in link.c: which processes still have the end of the parent' \
        'open?'
    serve A B C
    for name in A B C; do ask $name count; done
    who A
    kill -USR1 "$server"
    say A count
    in_time dead "$server"
    server=$process # from now on
    ends A || {
        if spins "$server" || [ -n "$line" ]; then
            look_at 'link_ask() in link.c: what does read() return at end of file?'
        fi
        return 1
    }
    say B count
    ends B
}

# came I: there are processes for so many clients and the observer; or no link could be opened.
came() {
    look workers || return 2
    is "$figure" -gt "$1" || refused
}
refused() { grep -q ': link: ' err; }

@test "5.6 [1] without a link, a client is told that the server is busy" {
    needs 5.1
    did 'clients came until the server had as many descriptors as it may have; then the first' \
        'asked `count`'
    expected '`error: server busy` for the last one, which gets no link; 1 for the first'
    look_at 'link_open() in link.c: what does it return when it cannot open a link?'
    limit=24
    start
    for ((i = 1; i < limit; i++)); do
        client "$i"
        in_time came "$i" && ! refused || break
    done
    hear "$i"
    saw "the last one got \`$line\`"
    same "$line" 'error: server busy'
    gets 1 count 1
}
