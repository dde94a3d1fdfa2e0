#!/usr/bin/env bats
# tests/report.bats - the report is a table and a page of figures, or says what is missing.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154

load helpers

report() { (cd "$ROOT" && BIN=${programs:-$BIN} tutorial/tools/report --quick --output "$BATS_TEST_TMPDIR/report" "$@"); }

need_gnuplot() { command -v gnuplot >/dev/null || skip 'needs gnuplot'; }

# A directory of programs without gnuplot, for PATH.
without_gnuplot() {
    local directory name
    mkdir tools
    for directory in /usr/bin /bin; do
        for name in "$directory"/*; do
            [ "${name##*/}" = gnuplot ] || ln -sf "$name" "tools/${name##*/}"
        done
    done
}

@test "the table names the machine, and has a figure in each row" {
    report --only backends >out
    for name in cores system compiler version date options columns; do
        grep -q "^# $name: ." report/results.tsv
    done
    same "$(grep -v '^#' report/results.tsv | head -n 1)" $'experiment\tserver\tclients\tfigure\tunit'
    same "$(grep -v '^#' report/results.tsv | awk -F '\t' 'NR > 1 && (NF != 5 || $4 + 0 <= 0)')" ''
    same "$(grep -c '^backends.async --backend poll' report/results.tsv)" 3
}

@test "the page has its plots in it, and asks nobody for anything" {
    need_gnuplot
    report --only backends >out
    same "$(tail -n 1 out)" "$BATS_TEST_TMPDIR/report/report.html"
    same "$(grep -c '<svg' report/report.html)" "$(grep -c '<h2>' report/report.html)"
    fails grep -E '<script|<link|@import|url\(http|src=|href="?http' report/report.html
    same "$(grep -o 'https\?://[^" ]*' report/report.html | sort -u)" 'http://www.w3.org/2000/svg'
    fails grep '<p>.*  ' report/report.html # a sentence whose figure is missing
}

@test "without gnuplot there is the table, and what to install is said" {
    without_gnuplot
    PATH=$PWD/tools report --only backends >out
    [ -s report/results.tsv ]
    [ ! -e report/report.html ]
    like "$(tail -n 1 out)" 'install gnuplot'
}

@test "a server that fails ends the report" {
    programs=$PWD/bin
    mkdir bin
    ln -s "$BIN"/* bin/
    rm bin/async
    printf '#!/bin/sh\nexit 1\n' >bin/async
    chmod +x bin/async
    status=0
    report --only waiting >out 2>said || status=$?
    same $status 1
    like "$(cat said)" 'report: .*async.* did not start'
    [ ! -e report/report.html ]
}

@test "a report that is stopped leaves no process" {
    programs=$PWD/bin
    mkdir bin
    ln -s "$BIN"/* bin/
    rm bin/async
    printf '#!/bin/sh\necho $$ >"%s/server"\nexec "%s/async" "$@"\n' "$PWD" "$BIN" >bin/async
    chmod +x bin/async
    (
        cd "$ROOT" || exit
        BIN=$programs exec bash tutorial/tools/report --quick --output "$BATS_TEST_TMPDIR/report" --only backends
    ) >out 2>&1 3>&- &
    started+=($!)
    until [ -s server ]; do pause; done
    kill -TERM $!
    ends_with 143 $!
    until_gone "$(cat server)"
}

@test "mistakes are named" {
    for words in '--only everything' '--only' '--output' '--nonsense'; do
        status=0
        # shellcheck disable=SC2086
        "$ROOT/tutorial/tools/report" $words >out 2>said || status=$?
        same $status 2
        like "$(head -n 1 said)" '^report: '
    done
}
