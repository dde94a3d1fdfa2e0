# tests/labs/mutants.awk - writes every one-edit mutant of a lab's solution, 1.c, 2.c
# and so on, in the directory `into`. Says of each its number, its line and what that became.
# Input: `diff STARTER SOLUTION`, and SOLUTION; what the starter has, too, stays as it is. With
# `shared`, several threads or tasks may be in the same function.

BEGIN {
    swaps = "< <= >,<= < >,> >= <,>= > <,== != <= >=,!= ==,&& ||,|| &&,& |,| &,+ -,- +," \
        "++ --,-- ++,+= -=,-= +=,0 1 -1,1 0 -1,-1 0 1,true false,false true,break continue," \
        "continue break,POLLIN POLLOUT,POLLOUT POLLIN,READABLE WRITABLE,WRITABLE READABLE," \
        "WANT_READ WANT_WRITE,WANT_WRITE WANT_READ,parents_end childs_end,childs_end parents_end," \
        "WNOHANG 0,SA_RESTART 0,SOCK_STREAM SOCK_DGRAM,SHUT_RD SHUT_WR,SHUT_WR SHUT_RD,_exit exit"
    for (n = split(swaps, swap, ","); n > 0; n--) {
        old = swap[n]
        sub(/ .*/, "", old)
        others[old] = substr(swap[n], length(old) + 2)
    }
}

FNR == NR { # 5a7,9
    if (/^[0-9,]+[ac][0-9,]+$/) {
        sub(/.*[ac]/, "")
        split($0 "," $0, range, ",")
        for (n = range[1] + 0; n <= range[2] + 0; n++) ours[n] = 1
    }
    next
}
{
    begins[FNR] = length(text) + 1
    text = text $0 "\n"
    code = code without_words($0) "\n"
}

# The line, as long as it was, but without comments, strings and includes.
function without_words(line) {
    while (match(line, /^#.*|^ \*.*|\/\*.*|"[^"]*"/))
        line = substr(line, 1, RSTART - 1) sprintf("%" RLENGTH "s", "") \
            substr(line, RSTART + RLENGTH)
    return line
}

# Puts `new` in place of `count` characters. Lines keep their numbers.
function mutant(at, count, new,    file, lost, line) {
    file = into "/" (++made) ".c"
    lost = substr(text, at, count)
    gsub(/[^\n]/, "", lost)
    printf "%s", substr(text, 1, at - 1) new lost substr(text, at + count) >file
    close(file)
    line = substr(text, begins[number], begins[number + 1] - begins[number] - 1)
    new = substr(line, 1, at - begins[number]) new substr(line, at + count - begins[number] + 1)
    gsub(/^ +| +$/, "", line)
    gsub(/^ +| +$/, "", new)
    print made "\t" number "\t" line " => " new
}

# Where the brackets end that open at this place.
function closing(at,    depth) {
    do {
        if (substr(code, at, 1) ~ /[[({]/) depth++
        if (substr(code, at, 1) ~ /[])}]/) depth--
    } while (depth > 0 && at++ < length(code))
    return at
}

function negated(at, to) { mutant(at, to - at, "!(" substr(text, at, to - at) ")") }

# Deletes the statement that begins here, if one does, and makes a local variable static. One
# without a first value is written before it is read, so then only others can tell.
function statement(at,    rest, to) {
    rest = substr(code, at)
    if (substr(code, 1, at - 1) !~ /([;{})]|else|case 0:)[ \n]*$/ || rest !~ /^[a-z_*(+-]/) return
    if (rest ~ /^(if|for|while) /) mutant(at, 0, "if (0) ")
    if (rest ~ /^(if|for|while|else|do|switch|case|default)[^a-z_]/) return
    if (rest ~ /^static /) mutant(at, 7, "")
    else if (rest !~ /^return / && rest ~ /^((struct|enum) )?[a-z_0-9]+ [][*, a-z_0-9]+( = |;)/)
        if (shared || rest ~ /^[^;]* = /) mutant(at, 0, "static ")
    for (to = at; substr(code, to, 1) != ";"; to++)
        if (substr(code, to, 1) ~ /[[({]/) to = closing(to)
    mutant(at, to - at, "")
}

# A condition: of if and while, the second of for, what stands before a question mark.
function condition(at,    rest, to) {
    rest = substr(code, at)
    if (match(rest, /^(if|while) \(/)) negated(at + RLENGTH, closing(at + RLENGTH - 1))
    else if (match(rest, /^for \([^;]*; [^;]/))
        negated(at + RLENGTH - 1, at + RLENGTH - 1 + index(substr(rest, RLENGTH), ";") - 1)
    else if (rest ~ /^\? /) {
        to = at - 1
        while (substr(code, 1, at - 1) !~ /([^=!<>]= |[(,{]|return )$/) at--
        negated(at, to)
    }
}

END {
    begins[FNR + 1] = length(text) + 1
    for (number = 1; number <= FNR; number++) {
        if (!ours[number]) continue
        rest = substr(code, begins[number], begins[number + 1] - begins[number])
        if (match(rest, /^ +[^ \n]/)) statement(begins[number] + RLENGTH - 1)
        for (at = begins[number]; at < begins[number + 1]; at += size) {
            rest = substr(code, at, begins[number + 1] - at)
            size = 1
            if (match(rest, /^([A-Za-z_][A-Za-z_0-9]*|-?[0-9]+|->|[<>=!+-]=|&&|\|\||\+\+|--)/))
                size = RLENGTH
            word = substr(rest, 1, size)
            condition(at)
            for (n = split(others[word], other, " "); n > 0; n--)
                if (word !~ /^[-+&|]$/ || substr(rest, 2, 1) == " ") mutant(at, size, other[n])
            if (word == "!") mutant(at, 1, "")
        }
    }
}
