#!/usr/bin/env bats
# tutorial/labs/8-choose/lab.bats - checks choice.md: is it complete? People judge the rest.
# shellcheck disable=SC2016,SC2154

load ../lab

# No server is measured here, so nobody needs patience.
setup_file() { :; }
teardown_file() { :; }

results=${RESULTS:-$ROOT/build/report/results.tsv}
[ -f "$results" ] || results=/dev/null

# The rows that the starter has: workload, clients and server.
rows='waiting 10 threaded
waiting 10 threaded -n 1
waiting 10 async
computing 4 threaded
computing 4 threaded --gil
computing 4 forked
computing 4 async -w 0
memory 100 threaded
memory 100 forked
memory 100 async'

# Writes a line for each of these rows: the row, and after a tab what the student wrote.
predictions() {
    rows=$rows awk -F ' *[|] *' '
        { gsub(/`/, "") }
        NF >= 6 { said[$2 " " $3 " " $4] = $5 }
        END {
            count = split(ENVIRON["rows"], row, "\n")
            for (i = 1; i <= count; i++) print row[i] "\t" said[row[i]]
        }' "$PROGRAM"
}

# Writes it beside what was measured, a line for each row, for the student to see.
show() {
    awk -F '\t' '
        BEGIN { printf "shown %-30s %10s %12s\n", "", "predicted", "measured" }
        FILENAME != "-" { measured[$1 " " $3 " " $2] = $4 " " $5; next }
        { printf "shown %-30s %10.10s %12s\n", $1, $2, $1 in measured ? measured[$1] : "-" }
        ' "$results" - | sed 's/^/# /' >&3
    [ "$results" != /dev/null ] ||
        echo '# shown To measure: make report QUICK=1, in about a minute.' >&3
}

@test "8.1 [1] a figure is predicted for each row" {
    did 'read the table in choice.md'
    expected 'a figure in each row'
    look_at 'the column "I predict"'
    predictions | show
    missing=$(predictions | awk -F '\t' '$2 !~ /[0-9]/ { print $1; exit }')
    saw "none for: $missing"
    same "$missing" ''
}

@test "8.2 [1] a server is chosen for each workload" {
    did 'read "What I choose" in choice.md'
    expected 'after each workload: threaded, forked or async, and options if you like'
    look_at 'the three lines that begin with "-"'
    for workload in waiting computing memory; do
        saw "none for: $workload"
        grep -iqE "^[-*] *\`?$workload\`?:.*(threaded|forked|async)" "$PROGRAM"
    done
}

@test "8.3 [1] half a page says why" {
    did 'counted the words after "Why" in choice.md'
    expected 'at least 150'
    look_at 'README.md: what is the reason to contain?'
    words=$(sed '1,/^## *Why/d' "$PROGRAM" | wc -w)
    saw "$((words))"
    is "$words" -ge 150
}
