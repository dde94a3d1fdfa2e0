# tutorial/tools/timeline-bins.awk - cuts the time that is to be drawn into bins, as many as there
# are columns or pixels, and finds out what each track did in each bin.
# Reads what timeline-read.awk tells, in order; a file beside it draws, with these:
#
#   bins, first, last        how many, and from when to when, in microseconds
#   rows, group_of[row]      1 clients, 2 threads
#   kind_in(row, bin)        a kind, or "" for nothing; to be asked of one bin after the other
#   begins[row, bin]         a request that is wider than a bin begins here
#   marked[row, bin]         an event without a duration
#   hidden[group]            rows that were too many

BEGIN {
    FS = "\t"
    split("computing holding ready waiting blocked queued serving task", kinds, " ")
    legend["computing"] = "computing"
    legend["holding"] = "computing, holding the GIL"
    legend["ready"] = "ready, waiting for a core"
    legend["waiting"] = "in a sleep"
    legend["blocked"] = "waiting for the GIL"
    legend["queued"] = "waiting for a worker"
    legend["serving"] = "serving a request"
    legend["task"] = "the loop runs a task"
    title = ENVIRON["TITLE"] # -v would take backslashes for escapes
}

# ---- What each bin holds ----

function kind_of(name, outer) {
    if (name == "computing") return outer == "holding" ? "holding" : "computing"
    if (name == "holding the GIL") return "holding"
    if (name == "waiting for a core") return "ready"
    if (name == "waiting") return "waiting"
    if (name ~ /^waiting for/) return "blocked"
    if (name == "queued") return "queued"
    return $1 == 2 && is_loop[$2] ? "task" : "serving"
}

# Adds this time, or takes it away, in all bins that it touches.
function paint(row, kind, begin, end, sign,    bin, from, to) {
    if (begin < first) begin = first
    if (end > last) end = last
    for (bin = bin_at(begin); bin <= bin_at(end); bin++) {
        from = first + bin * size
        to = from + size
        amount[row, bin, kind] += sign * ((end < to ? end : to) - (begin > from ? begin : from))
    }
}

function bin_at(time,    bin) {
    bin = int((time - first) / size)
    return bin < bins ? bin : bins - 1
}

function take_slice(row,    kind) {
    while (depth && ends[depth] <= $3) depth--
    kind = kind_of($6, depth ? stack[depth] : "")
    if ($4 < first || $3 > last) return
    if (!depth && $3 != before && bin_at($4) > bin_at($3) + 1) begins[row, bin_at($3)] = 1
    if (depth) paint(row, stack[depth], $3, $4, -1)
    else before = $4 # what begins there goes on with it
    paint(row, kind, $3, $4, 1)
    stack[++depth] = kind
    ends[depth] = $4
    present[kind] = 1
}

function new_track() {
    depth = 0
    before = -1
    track = $1 SUBSEP $2
    if (tracks != "both" && (tracks == "clients") != ($1 == 1)) {
        row_of[track] = 0
        return
    }
    row_of[track] = ++rows
    group_of[rows] = $1
    track_of[rows] = $2
    appeared[rows] = -1
}

$5 == "range" { first = $3; last = $4; if (first >= last) exit; set_bins(); next }
$2 == 0 { group_name[$1] = $6; next }
$5 == "name" && ($1 SUBSEP $2) == named { next } # a thread of a pool says it again
$1 SUBSEP $2 != track { new_track() }
$5 == "name" { named = $1 SUBSEP $2; name_of[row_of[track]] = $6; is_loop[$2] = $6 ~ /^loop/; next }
!row_of[track] { next }
$4 >= first && $3 <= last && appeared[row_of[track]] < 0 {
    appeared[row_of[track]] = $1 == 1 ? 0 : $3 # clients stay in the order of their numbers
}
$5 == "slice" { take_slice(row_of[track]) }
$5 == "mark" && $3 >= first && $3 <= last { marked[row_of[track], bin_at($3)] = $6 }

function duration(    digits) {
    digits = last - first < 10000 ? 2 : 0
    return sprintf("%." digits "f ms", (last - first) / 1000)
}

# ---- The rows ----

# Rows in which something happens: clients as they came, and after them threads as they were first
# used.
function arrange(    row, i) {
    for (row = 1; row <= rows; row++) {
        if (appeared[row] < 0) continue
        for (i = shown++; i > 0 && appeared[order[i]] > appeared[row]; i--) order[i + 1] = order[i]
        order[i + 1] = row
    }
}

# The system's numbers say nothing in a picture: the first thread is called 1.
function label_of(row,    word) {
    if (group_of[row] == 1) return "client " track_of[row]
    word = name_of[row]
    sub(/ .*/, "", word)
    if (word == "") word = "thread"
    return word " " ++labelled[word]
}

# What to draw: the kind that has waited longest for its share, counted from the row's first bin to
# its last. So turns that are shorter than a bin show as often as they are long: of eight threads on
# one core, each computes in an eighth of the bins. What has less than a tenth of a bin is left out.
function kind_in(row, bin,    i, best, total) {
    if (bin == 0) split("", due)
    for (i = 1; i in kinds; i++) total += amount[row, bin, kinds[i]]
    if (total <= 0) return ""
    for (i = 1; i in kinds; i++) {
        if (amount[row, bin, kinds[i]] < total / 10) continue
        due[kinds[i]] += amount[row, bin, kinds[i]] / total
        if (best == "" || due[kinds[i]] > due[best] + 0.0005) best = kinds[i]
    }
    due[best]--
    return best
}

function choose_rows(    i, group) {
    arrange()
    rows = 0
    for (i = 1; i <= shown; i++) {
        group = group_of[order[i]]
        if (++of_group[group] > most) hidden[group]++
        else from_row[++rows] = order[i]
    }
}

END {
    if (first >= last) exit 1 # nothing happens
    choose_rows()
    begin_picture()
    for (r = 1; r <= rows; r++) {
        if (group_of[from_row[r]] != group) {
            end_group(group)
            begin_group(group = group_of[from_row[r]])
        }
        draw_row(r, from_row[r], label_of(from_row[r]))
    }
    end_group(group)
    end_picture()
}
