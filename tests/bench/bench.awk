# tests/bench/bench.awk - the tables of bench: medians, ratios to the floor, and goals.
# Reads its rows (kind, label, measures, command), then its figures (label, measure, figure).

BEGIN {
    title["cpu"] = "CPU time per request, 64 clients, one request at a time (nanoseconds)"
    title["requests"] = "Requests per second, 64 clients, one request at a time"
    title["pipelined"] = "Requests per second, 64 clients, 16 requests on their way"
    title["connections"] = "Connections per second, 64 clients, one request each"
    title["http"] = "Requests per second in HTTP, 64 clients, one request at a time"
    title["idle"] = "Memory of each idle client (bytes; " many " clients, forked " some ")"
}

FILENAME ~ /rows$/ {
    order[++rows] = $2
    kind[$2] = $1
    if ($2 ~ / floor$/)
        floor[$1] = $2
    count = split($3, taken, ",")
    for (i = 1; i <= count; i++) {
        match(taken[i], /^[a-z]+/)
        goal[substr(taken[i], 1, RLENGTH), $2] = substr(taken[i], RLENGTH + 1)
    }
    width = length($2) > width ? length($2) : width
    next
}

{ figures[$2, $1] = figures[$2, $1] " " $3 }

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

# A pool is compared to a pool, where the floor can be one.
function floor_of(measure, label,    name) {
    name = floor[kind[label]]
    return label ~ / -n 4/ && (measure, name " -n 4") in figures ? name " -n 4" : name
}

function row(measure, label,    figure, base, ratio, limit, value, other, met, said) {
    if (!((measure, label) in figures))
        return
    figure = value = median(figures[measure, label])
    base = median(figures[measure, floor_of(measure, label)])
    ratio = base > 0 ? sprintf("%.2f", figure / base) : "-"
    limit = goal[measure, label]
    if (limit ~ /^:/) { # the other way round: how another program compares to this one
        other = limit
        gsub(/^:|[<>]=.*/, "", other)
        sub(/^[^<>]*/, "", limit)
        value = figure > 0 ? median(figures[measure, other]) / figure : 0
        said = sprintf("%s is %.2f of it", other, value)
    } else if (measure != "idle")
        value = ratio
    if (limit) {
        met = limit ~ /^</ ? value + 0 <= substr(limit, 3) + 0 : value + 0 >= substr(limit, 3) + 0
        said = said (said ? ", goal " : "") limit (met ? " ok" : " missed")
    }
    printf "  %-" width "s %12.0f %8s   %s\n", label, figure, ratio, said
    if (tsv)
        printf "%s\t%s\t%.0f\t%s\t%s\n", measure, label, figure, ratio, said >tsv
}

END {
    count = split(measures, list, " ")
    if (tsv)
        printf "measure\tprogram\tmedian\tratio\tgoal\n" >tsv
    for (m = 1; m <= count; m++) {
        printf "%s%s\n", blank, title[list[m]]
        printf "  %-" width "s %12s %8s   goal\n", "", "median", "to floor"
        blank = "\n"
        for (i = 1; i <= rows; i++)
            row(list[m], order[i])
    }
}
