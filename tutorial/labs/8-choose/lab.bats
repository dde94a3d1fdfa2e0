#!/usr/bin/env bats
# tutorial/labs/8-choose/lab.bats - checks choice.md: is it complete? People judge the rest.
# shellcheck disable=SC2016,SC2154

load ../lab

# No server is measured here, so nobody needs patience.
setup_file() { :; }
teardown_file() { :; }

results=${LAB_RESULTS:-$ROOT/build/report/results.tsv}
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

# Writes the page in one form: without the marks of an editor and of Markdown, spaces at the ends of
# a line, and what may begin a line of a list. A line of = or - below another makes that a heading.
plainly() {
    LC_ALL=C sed -E $'s/^\357\273\277//; s/\r$//; s/[*_`]//g; s/\342\200[\223\224]/-/g' "$PROGRAM" |
        LC_ALL=C awk '
            /^[=-]+ *$/ { line = "# " line; next }
            { if (NR > 1) print line; line = $0 }
            END { print line }' | sed -E 's/^ +//; s/ +$//; s/^([-+]|[0-9]+[.)]) +//'
}

# Writes a line for each of these rows: the row, and after a tab what the student wrote.
predictions() {
    plainly | rows=$rows awk -F ' *[|] *' '
        { sub(/^[|] */, "") }
        NF >= 5 { said[$1 " " $2 " " $3] = $4 }
        END {
            count = split(ENVIRON["rows"], row, "\n")
            for (i = 1; i <= count; i++) print row[i] "\t" said[row[i]]
        }'
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
    expected 'a figure in each row, such as `| waiting | 10 | async | FIGURE | s |`'
    look_at 'the column "I predict"'
    predictions | show
    missing=$(predictions | awk -F '\t' '$2 !~ /[0-9]/ { print $1; exit }')
    saw "none for: $missing"
    same "$missing" ''
}

@test "8.2 [1] a server is chosen for each workload" {
    did 'read "What I choose" in choice.md'
    expected 'three lines such as `- waiting: SERVER`, with threaded, forked or async for SERVER,' \
        'and options if you like'
    look_at 'the lines below "What I choose"'
    for workload in waiting computing memory; do
        saw "none for: $workload"
        plainly | grep -iqE "^$workload *:.*(threaded|forked|async)"
    done
}

@test "8.3 [1] half a page says why" {
    did 'counted the words below the line `## Why` in choice.md'
    expected 'at least 150'
    look_at 'the headings'
    saw 'no line `## Why`'
    heading='^#+ *([0-9]+[.)] *)?[Ww]hy *[?:]? *#*$'
    plainly | grep -qE "$heading"
    look_at 'README.md: what is the reason to contain?'
    words=$(plainly | awk -v heading="$heading" 'found { words += NF } $0 ~ heading { found = 1 }
        END { print words + 0 }')
    saw "$words"
    is "$words" -ge 150
}
