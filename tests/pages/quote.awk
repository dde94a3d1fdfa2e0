# tests/pages/quote.awk - reads a page; finds each quotation and the source that it names.
# With mode=check it complains of what differs; with mode=update it prints the page with the
# source in its quotations. See tests/pages/weave.

function complain(text) { printf "%s:%d: %s\n", page, began, text > "/dev/stderr"; bad = 1 }

# ---- Definitions in a source ----

function read_source(file,    text) {
    if (file in size) return size[file] > 0
    size[file] = 0
    while ((getline text < file) > 0) line[file, ++size[file]] = text
    close(file)
    return size[file] > 0
}

# Where the definition of a name begins, 0 for nowhere. In C it is a line that begins in column 0
# and holds the name as a whole word, and is not only declared or used.
function find_c(file, name,    i, text) {
    for (i = 1; i <= size[file]; i++) {
        text = line[file, i]
        if (text ~ "^#define " name "[ (]" || text ~ "^#define " name "$") return i
        if (text ~ "^(struct|enum|union) " name " {") return i
        if (text !~ /^[a-z_]/ || text ~ /^(extern|return|goto) /) continue
        if (text ~ "(^|[ *(])" name "[[(]" && !is_declaration(file, i)) return i
        if (text ~ "(^|[ *])" name "(\\[[^]]*\\])* (= |=$)") return i
        if (text ~ "(^|[ *])" name "(\\[[^]]*\\])*;") return i
    }
    return 0
}

# A function without a body: its first line that ends tells.
function is_declaration(file, i) {
    while (i <= size[file] && line[file, i] !~ /[;{]$/ && line[file, i + 1] !~ /^{/) i++
    return line[file, i] ~ /;$/ && line[file, i] !~ /= .*;$/
}

function end_c(file, i) {
    if (line[file, i] ~ /^#/) {
        while (line[file, i] ~ /\\$/) i++
        return i
    }
    if (line[file, i] ~ /;( *\/\*.*\*\/)?$/) return i
    while (i <= size[file] && line[file, i] !~ /^}/ && !(line[file, i] ~ /^ .*};$/ && line[file, i + 1] == "")) i++
    return i
}

function find_python(file, name,    i) {
    for (i = 1; i <= size[file]; i++)
        if (line[file, i] ~ "^ *(async )?(def|class) " name "[(:]" || line[file, i] ~ "^" name " = ") return i
    return 0
}

function indent(text) { match(text, /^ */); return RLENGTH }

function end_python(file, i,    depth, last) {
    depth = indent(line[file, i])
    last = i++
    for (; i <= size[file]; i++) {
        if (line[file, i] == "") continue
        if (indent(line[file, i]) <= depth && line[file, i] !~ /^ *\)/) break
        last = i
    }
    return last
}

function find_sh(file, name,    i) {
    for (i = 1; i <= size[file]; i++)
        if (line[file, i] ~ "^" name "\\(\\) ") return i
    return 0
}

function end_sh(file, i) {
    if (line[file, i] ~ /}$/) return i
    while (i <= size[file] && line[file, i] !~ /^}/) i++
    return i
}

# With the comment above it, if the quotation has that too.
function definition(kind, file, name, commented,    first, last, i, text) {
    if (kind == "c") { first = find_c(file, name); if (first) last = end_c(file, first) }
    if (kind == "python") { first = find_python(file, name); if (first) last = end_python(file, first) }
    if (kind == "sh") { first = find_sh(file, name); if (first) last = end_sh(file, first) }
    if (!first) { complain(file " has no " name); return "" }
    if (kind == "c" && commented && line[file, first - 1] ~ /\*\/$/)
        for (first--; first > 1 && line[file, first] !~ /^\/\*/;) first--
    if (kind != "c" && commented)
        while (line[file, first - 1] ~ /^ *#/) first--
    for (i = first; i <= last; i++) text = text substr(line[file, i], kind == "python" ? indent(line[file, first]) + 1 : 1) "\n"
    return text
}

# ---- Blocks of a page ----

# Which of the names are quoted with their comment is seen from the quotation itself.
function source_of(    text, i, name, rest, whole) {
    if (!read_source(word[2])) { complain("there is no " word[2]); return body }
    if (words == 2) {
        for (i = 1; i <= size[word[2]]; i++) whole = whole line[word[2], i] "\n"
        return whole
    }
    rest = body
    for (i = 3; i <= words; i++) {
        name = word[i]
        sub(/^\n+/, "", rest)
        text = definition(kind, word[2], name, rest ~ /^ *(\/\*|#[^d])/)
        whole = whole (i > 3 ? "\n" : "") text
        rest = substr(rest, length(text) + 1)
    }
    return whole
}

function differ(wanted,    w, b, n, i, count) {
    n = split(wanted, w, "\n"); count = split(body, b, "\n")
    for (i = 1; i <= n || i <= count; i++)
        if (w[i] != b[i]) {
            complain(word[2] " says otherwise, from line " i " of the quotation:")
            printf "    page:   %s\n    source: %s\n", b[i], w[i] > "/dev/stderr"
            return
        }
}

function end_quotation(    wanted) {
    wanted = source_of()
    if (mode == "update") printf "%s", wanted
    else if (wanted != body) differ(wanted)
}

# The lines that an edit takes away stand in the file, together, once.
function end_edit(    n, i, j, old, count, found, parts) {
    if (mode == "update") printf "%s", body
    n = split(body, parts, "\n") - 1
    for (i = 1; i <= n; i++) if (parts[i] !~ /^\+/) old[++count] = substr(parts[i], 2)
    if (!read_source(word[2])) { complain("there is no " word[2]); return }
    for (i = 1; i + count - 1 <= size[word[2]]; i++) {
        for (j = 1; j <= count && line[word[2], i + j - 1] == old[j]; j++);
        found += j > count
    }
    if (found != 1) complain("the lines that this edit changes stand " found + 0 " times in " word[2])
}

/^```/ && !inside {
    if (mode == "update") print
    began = NR
    inside = 1
    body = ""
    words = split(substr($0, 4), word, " ")
    kind = word[1]
    quotes = (kind == "c" || kind == "python" || kind == "sh") && word[2] != "sketch"
    if (quotes && words < 2) { complain("whose definition is this? (```" kind " FILE NAME, or ```" kind " sketch)"); quotes = 0 }
    if (kind == "console" && word[2] == "skip" && words < 3) complain("skipped for what reason?")
    next
}
/^```/ {
    if (quotes) end_quotation()
    else if (kind == "diff") end_edit()
    else if (mode == "update") printf "%s", body
    if (mode == "update") print
    inside = 0
    next
}
inside { body = body $0 "\n"; next }
mode == "update"
END {
    if (inside) { complain("a block without an end") }
    exit bad
}
