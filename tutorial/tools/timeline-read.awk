# tutorial/tools/timeline-read.awk - takes a trace apart: a line for each slice, mark and name, with
# group, track, begin and end in microseconds, what it is, and its name. The last line is "range":
# from the first request to the end of the last slice, or what -v from and to (in milliseconds,
# after the first request) ask for of it.
# What is no whole event is left out: of a server that was killed, the last lines may be cut.

# The number with this name.
function field(name) { return substr($0, index($0, "\"" name "\":") + length(name) + 3) + 0 }

# The text that begins behind this mark.
function text_after(mark,    rest) {
    rest = substr($0, index($0, mark) + length(mark))
    return substr(rest, 1, index(rest, "\"") - 1)
}

function tell(begin, end, what, name) {
    gsub(/[^ -~]/, "?", name) # nothing that a terminal obeys
    printf "%d\t%d\t%.3f\t%.3f\t%s\t%s\n", field("pid"), field("tid"), begin, end, what, name
}

!/^[{]"ph":".*[}],?$/ { next }
# No server ran for thirty years, nor before it began.
!(field("ts") >= 0 && field("ts") < 1e15 && field("dur") >= 0 && field("dur") < 1e15) { next }
/^[{]"ph":"X"/ {
    begin = field("ts")
    end = begin + field("dur")
    if (field("pid") == 1 && (!requests++ || begin < first)) first = begin
    if (end > last) last = end
    tell(begin, end, "slice", text_after("\"name\":\""))
}
/^[{]"ph":"i"/ { tell(field("ts"), field("ts"), "mark", text_after("\"name\":\"")) }
/^[{]"ph":"M".*_name"/ { tell(-1, 0, "name", text_after("{\"name\":\"")) }

END {
    if (to != "" && first + to * 1000 < last) last = first + to * 1000
    printf "0\t0\t%.3f\t%.3f\trange\t\n", first + from * 1000, last
}
