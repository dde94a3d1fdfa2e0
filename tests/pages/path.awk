# tests/pages/path.awk - counts what a reader of a page goes through, and holds the page to it.
#
# A page's main path is what stands above "## In depth", or all of it. To go through it takes a
# minute for 200 words or 30 lines of C, 10 seconds for each command, 20 for each *predict:*, and
# a minute and a half for each edit, which is made, built and undone. No run is timed. A page that
# says "It takes N minutes to read and run" is right about it; a row of a table with N minutes is
# right about the pages and labs to which its first cell with links leads, and a row "together"
# about the table. A walkthrough has its headings in one order, its first command by line 60, and on
# its main path at most 1,500 words and 150 lines of C. A link to a heading finds one. Prints each
# link: the page and its line, a tab, and the file. See tests/pages/weave.

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
    minutes = int((3 * words + 20 * c_lines + 100 * commands + 200 * guesses + 900 * edits + 599) \
                  / 600)
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

# The page that a link on this page leads to.
function target(link) {
    sub(/#.*/, "", link)
    if (link == "") return page
    if (match(page, /.*\//)) link = substr(page, 1, RLENGTH) link
    while (sub(/[^\/.][^\/]*\/\.\.\//, "", link));
    return link
}

# What a Git host calls a heading in a link.
function anchor(heading) {
    heading = tolower(heading)
    gsub(/[^a-z0-9_ -]/, "", heading)
    gsub(/ /, "-", heading)
    return heading
}

# Remembers the links of a line to headings, and the minutes in a row of a table.
function note_links(text,    link, cell, n, row, linked) {
    n = split(text, cell, "|")
    row = text ~ /\| [0-9]+ \|$/
    if (text !~ /^\|/) sum = 0
    if (row && text ~ /^\| together /) {
        if (sum != cell[n - 1] + 0) complain("the minutes of a table together are " sum)
    } else if (row) sum += cell[n - 1]
    if (row) {
        row_page[++rows] = page
        row_minutes[rows] = cell[n - 1] + 0
    }
    while (match(text, /\]\([^):]*\)/)) {
        if (linked++ && index(substr(text, 1, RSTART), "|")) row = 0
        link = substr(text, RSTART + 2, RLENGTH - 3)
        text = substr(text, RSTART + RLENGTH)
        links++
        link_from[links] = page
        link_to[links] = target(link)
        printf "%s:%d\t%s\n", page, FNR, target(link)
        link_anchor[links] = link ~ /#/ ? substr(link, index(link, "#") + 1) : ""
        link_row[links] = row ? rows : 0
    }
}

function check_links(    i, to) {
    for (i = 1; i <= links; i++) {
        page = link_from[i]
        to = link_to[i]
        if (link_anchor[i] != "" && to in seen && !((to, link_anchor[i]) in heading_of))
            complain("there is no heading #" link_anchor[i] " in " to)
        if (to in minutes_of) sum_of[link_row[i]] += minutes_of[to]
        else unknown[link_row[i]] = 1
    }
    for (i = 1; i <= rows; i++) {
        page = row_page[i]
        if (i in sum_of && !(i in unknown) && sum_of[i] != row_minutes[i])
            complain("says " row_minutes[i] " minutes of what takes " sum_of[i])
    }
}

FNR == 1 {
    end_page()
    page = FILENAME
    seen[page] = 1
    words = c_lines = commands = guesses = edits = promised = first = below = 0
    headings = block = ""
}
/^```/ {
    block = block == "" ? substr($0, 4) " " : ""
    if (!below && block ~ /^diff /) edits++
    next
}
block == "" && /^#+ / { heading_of[page, anchor(substr($0, index($0, " ") + 1))] = 1 }
block == "" && /^## / {
    headings = headings substr($0, 4) "|"
    if ($0 == "## In depth") below = FNR
}
block == "" { note_links($0) }
FNR == 3 && /^[0-9]+ minutes/ { minutes_of[page] = $1 } # of a lab
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
END { end_page(); check_links(); exit bad }
