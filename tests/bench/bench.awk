# tests/bench/bench.awk - the tables of tests/bench: medians, ratios to the floor, and the goals.
# Reads the list of programs, then one line for each figure: kind, label, measure, figure.

BEGIN {
    title["cpu"] = "CPU per request, 64 clients, one request at a time (microseconds)"
    title["requests"] = "Requests per second, 64 clients, one request at a time"
    title["pipelined"] = "Requests per second, 64 clients, 16 requests on their way"
    title["connections"] = "Connections per second, 64 clients, one request each"
    title["idle"] = "Memory for each idle client (bytes; of " many " clients, forked " some ")"
    goals()
}

# Where two words mean a limit for the ratio, three mean one for the figure itself.
function goals() {
    goal["cpu", "async"] = "<= 1.05"
    goal["requests", "threaded"] = goal["requests", "forked"] = ">= 0.95"
    goal["pipelined", "async"] = ">= 0.90"
    goal["connections", "threaded"] = goal["connections", "forked"] = ">= 0.90"
    goal["connections", "async"] = ">= 0.95"
    goal["connections", "threaded -n 4"] = goal["connections", "forked -n 4"] = ">= 0.95"
    goal["idle", "threaded"] = "<= 16384 bytes"
    goal["idle", "forked"] = "<= 36864 bytes"
    goal["idle", "async"] = "<= 200 bytes"
}

FILENAME ~ /programs$/ {
    order[++programs] = $2
    kind[$2] = $1
    if ($2 ~ / floor$/)
        floor[$1] = $2
    next
}

{ figures[$3, $2] = figures[$3, $2] " " $4 }

function median(list,    value, count, i, j, other) {
    count = split(list, value, " ")
    for (i = 2; i <= count; i++)
        for (j = i; j > 1 && value[j] + 0 < value[j - 1] + 0; j--) {
            other = value[j]
            value[j] = value[j - 1]
            value[j - 1] = other
        }
    return count % 2 ? value[(count + 1) / 2] : (value[count / 2] + value[count / 2 + 1]) / 2
}

function verdict(limit, figure, ratio,    word) {
    split(limit, word, " ")
    if (3 in word)
        ratio = figure
    else if (ratio == "-")
        return ""
    if (word[1] == "<=")
        return ratio <= word[2] ? "ok" : "below"
    return ratio >= word[2] ? "ok" : "below"
}

# A pool is compared to a pool, where the floor can be one.
function floor_of(measure, label,    name) {
    name = floor[kind[label]]
    return label ~ / -n 4$/ && (measure, name " -n 4") in figures ? name " -n 4" : name
}

function row(measure, label,    figure, base, ratio, limit, said) {
    if (!((measure, label) in figures))
        return
    figure = median(figures[measure, label])
    base = median(figures[measure, floor_of(measure, label)])
    ratio = base > 0 ? figure / base : "-"
    limit = goal[measure, label]
    # Of C libraries it is async that has a goal: how far it must be ahead of them.
    if (measure == "requests" && label ~ /^lib.*_echo$/ && (measure, "async") in figures) {
        said = median(figures[measure, "async"]) / figure
        limit = "async >= 1.25 of it"
        said = sprintf("%.2f %s", said, said >= 1.25 ? "ok" : "below")
    } else if (limit)
        said = verdict(limit, figure, ratio)
    figure = sprintf(measure == "cpu" ? "%.2f" : "%.0f", figure)
    if (ratio != "-")
        ratio = sprintf("%.2f", ratio)
    printf "  %-22s %12s %8s", label, figure, ratio
    printf limit ? "   %-20s %s\n" : "\n", limit, said
    if (tsv)
        printf "%s\t%s\t%s\t%s\t%s\t%s\n", measure, label, figure, ratio, limit, said >tsv
}

function section(measure,    i) {
    printf "%s%s\n", blank, title[measure]
    printf "  %-22s %12s %8s   %s\n", "", "median", "to floor", "goal"
    for (i = 1; i <= programs; i++)
        row(measure, order[i])
    blank = "\n"
}

END {
    if (tsv)
        printf "measure\tprogram\tmedian\tratio\tgoal\tverdict\n" >tsv
    count = split("cpu requests pipelined connections idle", list, " ")
    for (m = 1; m <= count; m++)
        if (index(" " measures " ", " " list[m] " "))
            section(list[m])
}
