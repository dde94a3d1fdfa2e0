# tests/units/trace.awk - reads a timeline, and says what is not as it should be. With -v cut=1 the
# end of the file may be missing, and lines may be cut.

function wrong(text) {
    print FILENAME ":" FNR ": " text >"/dev/stderr"
    failed = 1
}

BEGIN {
    place = "\"pid\":[12],\"tid\":[0-9]+"
    time = ":[0-9]+\\.[0-9][0-9][0-9]"
    word = "\"name\":\"[^\"\\\\]+\""
    client = "(,\"args\":{\"client\":[1-9][0-9]*})?"
    about = "^{\"ph\":\"M\"," place ",\"name\":"
    named = about "\"(process|thread)_name\",\"args\":{" word "}},$"
    sorted = about "\"process_sort_index\",\"args\":{\"sort_index\":[12]}}$"
    marked = "^{\"ph\":\"i\",\"s\":\"t\"," place ",\"ts\"" time "," word "},?$"
    slice = "^{\"ph\":\"X\"," place ",\"ts\"" time ",\"dur\"" time "," word client "},?$"
    event = named "|" sorted "|" marked "|" slice
    gsub(/[{}]/, "[&]", event)
}

NR == 1 { if ($0 != "[") wrong("does not begin with ["); next }
$0 == "]" { closed = NR; next }
{
    if (closed) wrong("goes on behind the ]")
    if (last && !cut) wrong("has no comma before it")
    last = !/,$/
}
!cut && $0 !~ event { wrong("is no event: " $0) }

END {
    if (!cut && !(closed && last)) wrong("does not end as an array does")
    exit failed
}
