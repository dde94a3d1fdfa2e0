# tests/units/trace.awk - reads a timeline, says what is not as it should be, and lists the slices:
# track, begin and end in nanoseconds, name. With -v cut=1 the end of the file may be missing, and
# lines may be cut.

function wrong(text) {
    print FILENAME ":" FNR ": " text >"/dev/stderr"
    failed = 1
}

# The number with this name.
function field(name) { return substr($0, index($0, "\"" name "\":") + length(name) + 3) + 0 }

function name_of(    text) {
    text = substr($0, index($0, "\"name\":\"") + 8)
    return substr(text, 1, index(text, "\"") - 1)
}

BEGIN {
    OFS = "\t"
    place = "\"pid\":[12],\"tid\":[0-9]+"
    time = ":[0-9]+\\.[0-9][0-9][0-9]"
    word = "\"name\":\"[^\"\\\\]+\""
    client = "(,\"args\":{\"client\":[1-9][0-9]*})?"
    about = "^{\"ph\":\"M\"," place ",\"name\":"
    named = about "\"(process|thread)_name\",\"args\":{" word "}},$"
    sorted = about "\"process_sort_index\",\"args\":{\"sort_index\":[12]}}$"
    marked = "^{\"ph\":\"i\",\"s\":\"t\"," place ",\"ts\"" time "," word "},?$"
    slice = "^{\"ph\":\"X\"," place ",\"ts\"" time ",\"dur\"" time "," word client "},?$"
    gsub(/[{}]/, "[&]", named)
    gsub(/[{}]/, "[&]", sorted)
    gsub(/[{}]/, "[&]", marked)
    gsub(/[{}]/, "[&]", slice)
}

NR == 1 { if ($0 != "[") wrong("does not begin with ["); next }
$0 == "]" { closed = NR; next }
{
    if (closed) wrong("goes on behind the ]")
    if (last && !cut) wrong("has no comma before it")
    last = !/,$/
}
$0 ~ slice {
    began = field("ts") * 1000
    ended = began + field("dur") * 1000
    printf "%s/%s\t%.0f\t%.0f\t%s\n", field("pid"), field("tid"), began, ended, name_of()
    next
}
!cut && $0 !~ named && $0 !~ sorted && $0 !~ marked { wrong("is no event: " $0) }

END {
    if (!cut && !(closed && last)) wrong("does not end as an array does")
    exit failed
}
