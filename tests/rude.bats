#!/usr/bin/env bats
# tests/rude.bats - what a client should not do hurts no other client: each attack of bin/rude on
# each of $SERVERS. textbook.bats shows that the attacks do hurt servers that are worse.

load helpers

setup() { test_each_server; }

# A pool serves as many clients as it has handlers; one of them is left for others.
few() { case $SERVER in threaded*' -n 4'* | forked*' -n 4'*) echo 3 ;; *) echo 50 ;; esac; }

@test "no attack keeps others waiting, spoils a reply or ends the server, and all clients leave" {
    start_server
    rude -c "$(few)" all >verdicts || { cat verdicts; return 1; }
    same "$(grep -c 'survived$' verdicts)" 15
    gives 'echo served' served
    until_quiet
    small_memory 60000
}

@test "clients that never read take little memory, and are forgotten when they leave" {
    start_server
    begin verdict rude -c 3 --stay never-read
    until read -r line <verdict; do alive $!; pause; done
    same "$line" ready
    gives 'echo served' served
    small_memory 60000
    kill $!
    until_quiet
}

@test "-t 1: the connection of a client that never reads, or finishes no line, is closed" {
    start_server -t 1
    for attack in never-read slowloris; do
        rude -c 3 --stay $attack >verdict || { cat verdict; return 1; }
        same "$(cat verdict)" $'ready\n'"$attack: the server survived"
    done
    until_quiet
}
