# tests/pages/path.awk - counts what a reader of a page goes through, and holds the page to it.
#
# A page's main path is what stands above "## In depth", or all of it. To go through it takes a
# minute for 200 words, 10 seconds for each command and for each *predict:*, and a minute for each
# edit, which is made, built and undone. No run is timed. A page that says "It takes N minutes to
# read and run" is right about it, as is the map. A walkthrough has its headings in one order, its
# first command by line 60, and on its main path at most 1,500 words and 150 lines of C.
# With mode=measure it prints the figures. See tests/pages/weave.

BEGIN {
    order = "The idea|Watch it run|In Python|The program, piece by piece|" \
            "How it waits, computes and shares|What breaks if|What it costs|In depth|" \
            "Where to go next|"
}

function complain(text) { printf "%s: %s\n", page, text > "/dev/stderr"; bad = 1 }

function at_most(limit, count, what) {
    if (count > limit) complain(count " " what " on the main path; at most " limit)
}

function end_page(    minutes) {
    if (page == "") return
    minutes = int((3 * words + 100 * (commands + guesses) + 600 * edits + 599) / 600)
    if (mode == "measure")
        printf "%s: %d words, %d lines of C, %d commands, %d predictions, %d edits: %d minutes\n",
               page, words, c_lines, commands, guesses, edits, minutes
    if (promised && promised != minutes)
        complain("promises " promised " minutes; its main path takes " minutes)
    if (promised) minutes_of[page] = promised
    if (headings !~ /What breaks if|In depth/) return
    if (!promised) complain("does not say how many minutes it takes to read and run")
    if (headings != order) complain("its headings should be: " order)
    if (first > 60) complain("the first command is in line " first)
    at_most(1500, words, "words")
    at_most(150, c_lines, "lines of C")
}

# The words of a line, without what a link leads to and without pictures.
function count_words(text,    n, i, word, count) {
    gsub(/!\[[^]]*\]\([^)]*\)/, "", text)
    gsub(/\]\([^)]*\)/, "]", text)
    n = split(text, word, " ")
    for (i = 1; i <= n; i++) count += word[i] ~ /[A-Za-z0-9]/
    return count
}

# The last row of a table that has a link and ends in a number: the minutes of a page.
function note_row(text,    link, cell, n) {
    if (text !~ /\| [0-9]+ \|$/ || !match(text, /\]\([^)#]*/)) return
    link = substr(text, RSTART + 2, RLENGTH - 2)
    gsub(/\.\.\//, "", link)
    n = split(text, cell, "|")
    row_page[++rows] = page
    row_link[rows] = link
    row_minutes[rows] = cell[n - 1] + 0
}

function check_rows(    i, other) {
    for (i = 1; i <= rows; i++)
        for (other in minutes_of)
            if (substr(other, length(other) - length(row_link[i])) == "/" row_link[i] &&
                minutes_of[other] != row_minutes[i]) {
                page = row_page[i]
                complain("says " row_minutes[i] " minutes of " row_link[i] ", which promises " \
                         minutes_of[other])
            }
}

FNR == 1 {
    end_page()
    page = FILENAME
    words = c_lines = commands = guesses = edits = promised = first = below = 0
    headings = block = ""
}
/^```/ {
    block = block == "" ? substr($0, 4) " " : ""
    if (!below && block ~ /^diff /) edits++
    next
}
block == "" && /^## / {
    headings = headings substr($0, 4) "|"
    if ($0 == "## In depth") below = FNR
}
block == "" { note_row($0) }
below { next }
block ~ /^c / { c_lines++ }
block ~ /^console/ && /^\$ / {
    commands++
    if (!first) first = FNR
}
block == "" && !/^#/ {
    words += count_words($0)
    guesses += gsub(/\*predict:?\*/, "")
    if (match($0, /takes [0-9]+ minutes to read/)) promised = substr($0, RSTART + 6) + 0
}
END { end_page(); check_rows(); exit bad }
