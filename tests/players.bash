# tests/players.bash - for suites that play conversations: each of $SERVERS is started once, and a
# conversation is played with all of them at the same time. See tests/units/play.c.
# shellcheck shell=bash

setup_file() { start_all; }

start_all() {
    list_servers
    for i in "${!servers[@]}"; do
        mkdir -p "$BATS_FILE_TMPDIR/$i"
        begin_test "$BATS_FILE_TMPDIR/$i"
        SERVER=${servers[i]} start_server
        printf '%s\n' "$server" >process
    done
}

# Each of them ends in good order, whatever it has been asked.
teardown_file() {
    local i
    list_servers
    for i in "${!servers[@]}"; do
        cd "$BATS_FILE_TMPDIR/$i" || return 1
        read -r server <process
        stop_server || { echo "${servers[i]} ended otherwise"; return 1; }
        no_sanitizer_spoke
    done
}

# players: the name and the port of each server.
setup() {
    begin_test "$BATS_TEST_TMPDIR"
    list_servers
    players=()
    for i in "${!servers[@]}"; do
        read -r port <"$BATS_FILE_TMPDIR/$i/port"
        players+=("${servers[i]}" "$port")
    done
}

# play <<STEPS: with all of them.
play() { "$UNITS/play" "tests/${BATS_TEST_FILENAME##*/}" "${BASH_LINENO[0]}" "${players[@]}"; }

# each COMMAND...: for each of them, with its port in $port.
each() { side_by_side with_port "$@"; }
with_port() {
    read -r port <"$BATS_FILE_TMPDIR/$number/port"
    "$@"
}
