# tutorial/tools/timeline-text.awk - draws the rows of timeline-bins.awk in a terminal.

function set_bins() {
    bins = width - 13
    size = (last - first) / bins
    split("# # _ . : ~ + -", character, " ")
    for (i = 1; i in kinds; i++) character_of[kinds[i]] = character[i]
}

function begin_picture() {
    if (title != "") print title "\n"
}

function character_at(row, bin, kind) {
    if ((row, bin) in marked) return "X"
    if ((row, bin) in begins && kind != "") return "|"
    return kind == "" ? " " : character_of[kind]
}

function draw_row(r, row, label,    bin, line) {
    for (bin = 0; bin < bins; bin++) line = line character_at(row, bin, kind_in(row, bin))
    line = sprintf("%-11s |%s", label, line)
    sub(/ +$/, "", line)
    print line
}

function begin_group(group) {
    if (group == 2 && r > 1) print ""
}

function end_group(group) {
    if (hidden[group]) printf "%-11s | and %d more\n", "...", hidden[group]
}

function end_picture(    i) {
    printf "%13s0%" (width - 14) "s\n\n", "", duration()
    for (i = 1; i in kinds; i++)
        if (present[kinds[i]]) print "  " character_of[kinds[i]] " " legend[kinds[i]]
    print "  | a request begins"
}
