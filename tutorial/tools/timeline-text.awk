# tutorial/tools/timeline-text.awk - draws the rows of timeline-bins.awk in a terminal.

function set_bins() {
    bins = width - 13
    size = (last - first) / bins
    split("# # _ . : ~ + -", character, " ")
    split("31 31 34 36 90 33 32 35", colour, " ")
    for (i = 1; i in kinds; i++) {
        character_of[kinds[i]] = character[i]
        colour_of[kinds[i]] = colour[i]
    }
}

function in_colour(kind, text) {
    if (color == "" || kind == "" || text == "") return text
    return "\033[" colour_of[kind] "m" text "\033[0m"
}

function begin_picture() {
    if (title != "") print title "\n"
}

function character_at(row, bin, kind) {
    if ((row, bin) in marked) return "X"
    if ((row, bin) in begins && kind != "") return "|"
    return kind == "" ? " " : character_of[kind]
}

function draw_row(r, row, label,    bin, line, run, kind, before) {
    for (bin = 0; bin < bins; bin++) {
        kind = kind_in(row, bin)
        if (kind != before) {
            line = line in_colour(before, run)
            run = ""
            before = kind
        }
        run = run character_at(row, bin, kind)
    }
    line = sprintf("%-11s |%s", label, line in_colour(before, run))
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
        if (present[kinds[i]])
            print "  " in_colour(kinds[i], character_of[kinds[i]]) " " legend[kinds[i]]
    print "  | a request begins"
}
