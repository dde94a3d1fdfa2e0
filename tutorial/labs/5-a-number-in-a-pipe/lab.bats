#!/usr/bin/env bats
# tutorial/labs/5-a-number-in-a-pipe/lab.bats - checks link.c: do all processes count together?
# shellcheck disable=SC2016,SC2154

load ../lab

@test "5.1 [1] two clients count 1 and 2" {
    did 'A asked `count`, and then B'
    expected '1 and 2'
    look_at 'link_ask() in link.c: whose number does it return? If it returns 0, the child ends'
    start
    client A B
    say A count
    hears A 1
    say B count
    hears B 2
}

@test "5.2 [2] eight clients count 25 times each" {
    needs 5.1
    did 'eight clients asked `count` 25 times each, all at once'
    expected 'the numbers 1 to 200, each once'
    look_at 'link_ask() in link.c: does it ask each time, and return the answer?'
    start
    eight=(A B C D E F G H)
    client "${eight[@]}"
    requests=$(printf 'count\n%.0s' {1..25})
    for name in "${eight[@]}"; do say "$name" "$requests"; done
    numbers=''
    for name in "${eight[@]}"; do
        for ((i = 0; i < 25; i++)); do
            hear "$name"
            numbers+=$line$'\n'
        done
    done
    numbers=$(sort -n <<<"${numbers%?}")
    different=$(uniq <<<"$numbers" | wc -l)
    saw "$((different)) different numbers, the highest is ${numbers##*$'\n'}"
    same "$numbers" "$(printf '%d\n' {1..200})"
}

@test "5.3 [1] a child that has ended takes no number with it" {
    needs 5.1
    did 'B and A were connected; A left; when its process had ended, B asked `count`'
    expected '1'
    look_at 'link_answer() in link.c: what does read() return at end of file?'
    start
    client B A # the parent looks at the last link first
    who A
    leave A
    in_time dead "$process"
    say B count
    hears B 1
}

@test "5.4 [1] the parent notices that children have ended" {
    needs 5.1
    did 'A, B and C were connected; then A left, and B asked `crash`'
    expected 'the links to A and B are gone: workers=2 is one for C, and one for the observer'
    look_at 'when is there end of file? Which processes have the end of the child open?'
    start
    client A B C
    leave A
    say B crash
    until_is workers -eq 2
}

@test "5.5 [1] a child that asks does not wait for a parent that has ended" {
    needs 5.2
    did 'A, and then B, asked `count`; the parent was killed; A asked `count` again'
    expected 'the process of A ends, and so does its connection'
    look_at 'link_ask() at end of file; and which processes have the end of the parent open?'
    start
    client A B
    ask A count
    who A
    ask B count
    kill -KILL "$server"
    wait "$server" 2>/dev/null || true
    server=$process # from now on
    say A count
    ends A
}
