#!/usr/bin/env bats
# tests/report.bats - the report is a table and a page of figures, or says what is missing.

load helpers

report() {
    OUR_BIN=$BIN "$ROOT/tutorial/tools/report" --quick --output "$PWD/report" "$@"
}

need_gnuplot() { command -v gnuplot >/dev/null || skip 'needs gnuplot'; }

# A directory of programs without gnuplot, for PATH.
without_gnuplot() {
    mkdir tools
    ln -sf /bin/* /usr/bin/* tools/
    rm -f tools/gnuplot
}

@test "the table names the machine, and has a figure in each row" {
    report --only backends >out
    for name in cores system compiler version date options columns; do
        grep -q "^# $name: ." report/results.tsv
    done
    grep -v '^#' report/results.tsv >rows
    same "$(head -n 1 rows)" $'experiment\tserver\tclients\tfigure\tunit'
    same "$(awk -F '\t' 'NR > 1 && (NF != 5 || $4 + 0 <= 0)' rows)" ''
    same "$(grep -c '^backends.async --backend poll' report/results.tsv)" 3
}

@test "the page has its plots in it, and asks no other machine for anything" {
    need_gnuplot
    printf '# machine: a <small> one\n' >results.tsv
    for experiment in requests p99 memory computing waiting connections backends; do
        for clients in 1 10; do
            printf '%s\t%s\t%s\t%s\t%s\n' $experiment 'threaded --gil' $clients 1.5 x \
                $experiment async $clients 20000 x >>results.tsv
        done
    done
    (
        place=$PWD scratch=$PWD
        # shellcheck source=tutorial/tools/report-page
        . "$ROOT/tutorial/tools/report-page"
        write_page >report.html
    )
    same "$(grep -c '<svg' report.html)" 7
    same "$(grep -c '>threaded --gil<' report.html)" 7
    grep -q 'a &lt;small> one' report.html
    fails grep -E '<script|<link|@import|url\(http|src=|href="?http' report.html
    same "$(grep -o 'https\?://[^"]*' report.html | grep -v '^http://www.w3.org/')" ''
}

@test "without gnuplot there is the table, and what to install is said" {
    without_gnuplot
    PATH=$PWD/tools report --only backends >out
    [ -s report/results.tsv ]
    [ ! -e report/report.html ]
    like "$(tail -n 1 out)" 'install gnuplot'
}
