# tutorial/tools/timeline-svg.awk - draws the rows of timeline-bins.awk as a picture for a page.
# Nothing in it comes from elsewhere, and it can be read on a light and on a dark page.

function set_bins() {
    left = 92
    bins = width - left - 12
    size = (last - first) / bins
    split("#d9480f #d9480f #a78bda #8ecae6 #d8dce1 #f2c14e #74c69d #8d99ae", light, " ")
    split("#ff7a3d #ff7a3d #8f7ad1 #3d7ea6 #4a515b #c9971c #3fbf7f #8d99ae", dark, " ")
}

# ---- Elements, which are kept until the height of the picture is known ----

function keep(element) { elements[++count] = element }

function escaped(text) {
    gsub(/&/, "\\&amp;", text)
    gsub(/</, "\\&lt;", text)
    gsub(/>/, "\\&gt;", text)
    return text
}

function put(kind, x, y, what, more) {
    keep(sprintf("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\"%s>%s</text>", kind, x, y, more,
                 escaped(what)))
}

# ---- The picture ----

function begin_picture() {
    step = rows <= 16 ? 22 : rows <= 40 ? 14 : 6
    y = title == "" ? 8 : 36
    if (title != "") put("title", 12, 24, title, "")
}

function style(    i) {
    print "<style>"
    print ".page{fill:#ffffff;stroke:#d8dce1} text{font:12px system-ui,sans-serif;fill:#24292f}"
    print ".title{font-size:15px;font-weight:600} .group{font-weight:600} .quiet{fill:#57606a}"
    print ".lane{fill:#f3f4f6} .tick{stroke:#d8dce1} .mark{font-weight:700;fill:#b00020}"
    for (i = 1; i in kinds; i++) printf ".%s{fill:%s} ", kinds[i], light[i]
    print "\n@media (prefers-color-scheme: dark){"
    print ".page{fill:#161b22;stroke:#30363d} text{fill:#e6edf3} .quiet{fill:#9da7b3}"
    print ".lane{fill:#1f252d} .tick{stroke:#30363d} .mark{fill:#ff6b81}"
    for (i = 1; i in kinds; i++) printf ".%s{fill:%s} ", kinds[i], dark[i]
    print "}\n</style>"
}

function print_picture(height,    i) {
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
    printf "width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n", width, height, width, height
    print "<title>" escaped(title == "" ? "A timeline of " group_name[2] : title) "</title>"
    print "<desc>A row for each client, thread, process or loop. Time goes from left to right, " \
          duration() " in all.</desc>"
    style()
    printf "<rect class=\"page\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n", width, height
    for (i = 1; i <= count; i++) print elements[i]
    print "</svg>"
}

function begin_group(group) {
    y += 18
    put("group", 12, y, group == 1 ? "clients" : group_name[2] ", inside", "")
    y += 6
}

function draw_row(r, row, label,    bin, kind, before, start) {
    if (step >= 12) put("quiet", 12, y + step / 2 + 4, label, "")
    else if (r % 10 == 1) put("quiet", 12, y + 8, label, "")
    bar("lane", 0, bins)
    for (bin = 0; bin <= bins; bin++) {
        kind = bin < bins ? kind_in(row, bin) : ""
        if (kind != before || (row, bin) in begins) {
            if (before != "") bar(before, start, bin - ((row, bin) in begins ? 1 : 0))
            start = bin
            before = kind
        }
    }
    for (bin = 0; bin < bins; bin++)
        if ((row, bin) in marked) put("mark", left + bin - 4, y + step / 2 + 5, "✗", "")
    y += step
}

function bar(kind, from, to,    gap) {
    gap = step >= 12 ? 2 : 1
    if (to - from < 1.5 && kind != "lane") to = from + 1.5
    rect(kind, left + from, y + gap, to - from, step - 2 * gap)
}

# Ready is a thin bar: told from computing without its colour, too.
function rect(kind, x, y, width, height,    thin) {
    thin = kind == "ready" ? height / 3 : 0
    keep(sprintf("<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>", kind,
                 x, y + thin, width, height - 2 * thin))
}

function end_group(group) {
    if (!hidden[group]) return
    y += 18
    put("quiet", 12, y - 4, "and " hidden[group] " more", "")
}

# ---- Below it ----

function end_picture() {
    draw_axis()
    draw_legend()
    print_picture(y + 26)
}

# A round number of milliseconds, so that there are four to ten of them.
function tick(    span, unit) {
    span = (last - first) / 1000
    for (unit = 0.001; unit * 10 < span; unit *= 10);
    return span / unit >= 4 ? unit : span / unit >= 2 ? unit / 2 : unit / 5
}

function draw_axis(    unit, time, x) {
    unit = tick()
    y += 6
    for (time = 0; time * 1000 <= last - first; time += unit) {
        x = left + time * 1000 / size
        keep(sprintf("<line class=\"tick\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", x, x,
                     y - 4, y + 2))
        if (x < width - 44) put("quiet", x, y + 14, sprintf("%g", time), " text-anchor=\"middle\"")
    }
    put("quiet", width - 12, y + 14, "ms", " text-anchor=\"end\"")
    y += 24
}

function draw_legend(    i, x, entry) {
    x = 12
    for (i = 1; i in kinds; i++) {
        if (!present[kinds[i]]) continue
        entry = 38 + 6.4 * length(legend[kinds[i]])
        if (x + entry > width - 12) {
            x = 12
            y += 22
        }
        rect(kinds[i], x, y, 14, 12)
        put("", x + 20, y + 10, legend[kinds[i]], "")
        x += entry
    }
}
