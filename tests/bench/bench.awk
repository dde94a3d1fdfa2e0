# tests/bench/bench.awk - the tables of bench: medians, ratios to the floor, and goals.
# Reads its rows (kind, label, measures, command), then its figures (label, measure, figure).

BEGIN {
    title["requests"] = "Requests per second, 64 clients, one request at a time"
    title["pipelined"] = "Requests per second, 64 clients, 16 requests on their way"
    title["connections"] = "Connections per second, 64 clients, one request each"
    title["http"] = "Requests per second in HTTP, 64 clients, one request at a time"
    title["idle"] = "Memory of each idle client (bytes; " many " clients, forked " some ")"
}

function has(measure, label) { return (measure, label) in figures }

# A row for each program, a column for each number of clients.
function growth(what, prefix,    i, n) {
    printf "%s%s\n  %-" width "s", blank, what, "clients"
    for (n = 1; n <= many; n *= 10) printf " %9d", n
    print "   10,000 to 100"
    for (i = 1; i <= rows; i++) {
        if (!has(prefix 1, order[i])) continue
        printf "  %-" width "s", order[i]
        for (n = 1; n <= many; n *= 10)
            if (has(prefix n, order[i])) printf " %9.0f", median(prefix n, order[i])
        if (has(prefix 10000, order[i]))
            printf "   %.2f", median(prefix 10000, order[i]) / median(prefix 100, order[i])
        print ""
    }
}

FILENAME ~ /rows$/ {
    order[++rows] = $2
    kind[$2] = $1
    if ($2 ~ / floor$/)
        floor[$1] = $2
    count = split($3, taken, ",")
    for (i = 1; i <= count; i++) {
        match(taken[i], /^[a-z-]+/)
        goal[substr(taken[i], 1, RLENGTH), $2] = substr(taken[i], RLENGTH + 1)
    }
    width = length($2) > width ? length($2) : width
    next
}

# The figures of each program, sorted.
{
    measured[$2] = 1
    n = ++figures[$2, $1]
    for (; n > 1 && figure[$2, $1, n - 1] > $3 + 0; n--) figure[$2, $1, n] = figure[$2, $1, n - 1]
    figure[$2, $1, n] = $3 + 0
}

function median(measure, label,    n) {
    n = figures[measure, label]
    return (figure[measure, label, int((n + 1) / 2)] + figure[measure, label, int(n / 2) + 1]) / 2
}

# A pool is compared to a pool, where the floor can be one.
function floor_of(measure, label,    name) {
    name = floor[kind[label]]
    return label ~ / -n 4/ && (measure, name " -n 4") in figures ? name " -n 4" : name
}

function row(measure, label,    middle, base, ratio, limit, value, other, met, said) {
    if (!((measure, label) in figures))
        return
    middle = value = median(measure, label)
    base = median(measure, floor_of(measure, label))
    ratio = base > 0 ? sprintf("%.2f", middle / base) : "-"
    limit = goal[measure, label]
    if (limit ~ /^:/) { # the other way round: how another program compares to this one
        other = limit
        gsub(/^:|[<>]=.*/, "", other)
        sub(/^[^<>]*/, "", limit)
        value = middle > 0 ? median(measure, other) / middle : 0
        said = sprintf("%s is %.2f of it", other, value)
    } else if (measure != "idle")
        value = ratio
    if (limit) {
        met = limit ~ /^</ ? value + 0 <= substr(limit, 3) + 0 : value + 0 >= substr(limit, 3) + 0
        said = said (said ? ", goal " : "") limit (met ? " ok" : " missed")
    }
    printf "  %-" width "s %12.0f %8s   %s\n", label, middle, ratio, said
    if (tsv)
        printf "%s\t%s\t%.0f\t%s\t%s\n", measure, label, middle, ratio, said >tsv
}

function table(measure,    i) {
    if (!(measure in measured))
        return
    printf "%s%s\n", blank, (measure in title) ? title[measure] : "CPU time of each (nanoseconds)"
    printf "  %-" width "s %12s %8s   goal\n", "", "median", "to floor"
    blank = "\n"
    for (i = 1; i <= rows; i++)
        row(measure, order[i])
}

END {
    count = split(measures, list, " ")
    if (tsv)
        printf "measure\tprogram\tmedian\tratio\tgoal\n" >tsv
    for (m = 1; m <= count; m++) {
        if (list[m] == "growth") {
            growth("CPU time per request, as clients grow (nanoseconds)", "cpu")
            growth("Requests per second, as clients grow", "rate")
            continue
        }
        table(list[m])
        table(list[m] "-cpu")
    }
}
