# tests/pages/quote.awk - reads pages; finds each quotation and edit, and the source that it names.
#
# With mode=check it reports what differs; with mode=update it writes the source into the
# quotations. See tests/pages/weave.

function complain(text) { printf "%s:%d: %s\n", page, began, text > "/dev/stderr"; bad = 1 }

# ---- Definitions in a source ----

function read_source(file,    text) {
    if (file == "" || file in size) return size[file] > 0
    while ((getline text < file) > 0) line[file, ++size[file]] = text
    close(file)
    return size[file] > 0
}

# Cuts a C source into directives, declarations and definitions, which begin in column 0. One that
# has a line with an open brace at its end is complete with a brace in column 0; another one with a
# semicolon. Its outline is what comes before that line; of an enum all, as it has constants.
function cut_c(file,    i, text, out, open) {
    for (i = 1; i <= size[file]; i++) {
        text = line[file, i]
        if (out == "" && text !~ /^[A-Za-z_#]/) continue
        if (out == "") first[file, ++parts[file]] = i
        sub(/ *\/\*.*\*\/$/, "", text)
        if (!open || out ~ /^enum/) out = out text " "
        if (text ~ /[{]$/) open = 1
        if (out ~ /^#/ ? text ~ /\\$/ : text !~ (open ? "^}" : ";$")) continue
        last[file, parts[file]] = i
        outline[file, parts[file]] = out
        out = ""
        open = 0
    }
}

# Whether this outline is a macro, a function with a body, a structure, or an object or constant of
# that name, and not only declares or uses it.
function defines(text, name,    word) {
    word = "(^|[^A-Za-z0-9_])" name
    if (text ~ /^#/) return text ~ "^# *define " name "([ (]|$)"
    if (text ~ /^extern/) return 0
    return text ~ word "\\(.*[{] $" || text ~ "(struct|enum|union) " name " [{]" ||
           text ~ word "( =|;|\\[)" || text ~ "^enum .*" word "[ ,]"
}

function find_c(file, name,    i) {
    if (!(file in parts)) cut_c(file)
    for (i = 1; i <= parts[file]; i++)
        if (defines(outline[file, i], name)) {
            begin = first[file, i]
            end = last[file, i]
            return 1
        }
    return 0
}

function indent(text) { match(text, /^ */); return RLENGTH }

function find_python(file, name,    i, text) {
    for (begin = 1; begin <= size[file]; begin++) {
        text = line[file, begin]
        if (text ~ "^ *(async )?(def|class) " name "[(:]" || text ~ "^" name " = ") break
    }
    end = begin
    for (i = begin + 1; i <= size[file]; i++) {
        text = line[file, i]
        if (text == "") continue
        if (indent(text) <= indent(line[file, begin]) && text !~ /^ *\)/) break
        end = i
    }
    return begin <= size[file]
}

# With the comment above it, if the quotation has that too.
function definition(file, name, commented,    text, margin) {
    if (!(kind == "c" ? find_c(file, name) : find_python(file, name))) {
        complain(file " has no " name)
        return ""
    }
    margin = kind == "c" ? 0 : indent(line[file, begin])
    if (commented && line[file, begin - 1] ~ /\*\/$/)
        while (line[file, --begin] !~ /^\/\*/ && begin > 1);
    for (; begin <= end; begin++) text = text substr(line[file, begin], margin + 1) "\n"
    return text
}

# ---- Blocks of a page ----

# A patch without its head, and an empty line in place of each further "@@".
function hunks(file,    i, text) {
    for (i = 1; i <= size[file] && line[file, i] !~ /^@@/; i++);
    for (i++; i <= size[file]; i++) text = text (line[file, i] ~ /^@@/ ? "" : line[file, i]) "\n"
    return text
}

# What the quotation should be. Which of the names have their comment is seen from the quotation.
function source_of(    text, i, rest, whole) {
    if (kind == "diff") return hunks(word[2])
    if (words == 2) for (i = 1; i <= size[word[2]]; i++) whole = whole line[word[2], i] "\n"
    rest = body
    for (i = 3; i <= words; i++) {
        sub(/^\n+/, "", rest)
        text = definition(word[2], word[i], rest ~ /^\/\*/)
        whole = whole (i > 3 ? "\n" : "") text
        rest = substr(rest, length(text) + 1)
    }
    return whole
}

function differ(wanted,    w, b, n, i, count) {
    n = split(wanted, w, "\n"); count = split(body, b, "\n")
    for (i = 1; (i <= n || i <= count) && w[i] == b[i]; i++);
    complain(word[2] " says otherwise, from line " i " of the quotation:")
    printf "    page:   %s\n    source: %s\n", b[i], w[i] > "/dev/stderr"
}

# The lines that an edit takes away are in the file, together, once.
function check_edit(    n, i, j, old, count, found, parts) {
    n = split(body, parts, "\n") - 1
    for (i = 1; i <= n; i++) if (parts[i] !~ /^\+/) old[++count] = substr(parts[i], 2)
    for (i = 1; i + count - 1 <= size[word[2]]; i++) {
        for (j = 1; j <= count && line[word[2], i + j - 1] == old[j]; j++);
        found += j > count
    }
    if (found != 1) complain("the lines of this edit are " found + 0 " times in " word[2])
}

function begin_block() {
    began = FNR
    inside = 1
    body = ""
    words = split(substr($0, 4), word, " ")
    kind = word[1]
    quotes = (kind == "c" || kind == "python") && word[2] != "sketch" || word[2] ~ /[.]patch$/
    if (quotes && words < 2) {
        complain("whose definition is this? (```" kind " FILE NAME, or ```" kind " sketch)")
        quotes = 0
    }
    if (kind == "console" && word[2] == "skip" && words < 3) complain("skipped for what reason?")
}

function end_block(    wanted) {
    inside = 0
    wanted = body
    if ((quotes || kind == "diff") && !read_source(word[2])) complain("there is no " word[2])
    else if (quotes) wanted = source_of()
    else if (kind == "diff") check_edit()
    if (mode == "check" && wanted != body) differ(wanted)
    if (wanted != body) changed = 1
    result = result wanted
}

function end_page() {
    if (inside) {
        complain("a block without an end")
        result = result body
    }
    if (mode == "update" && changed) {
        printf "%s", result > page
        close(page)
        print page ": updated"
    }
    inside = changed = 0
    result = ""
}

FNR == 1 { end_page(); page = FILENAME }
/^```/ && !inside { begin_block(); result = result $0 "\n"; next }
/^```/ { end_block() }
inside { body = body $0 "\n"; next }
{ result = result $0 "\n" }
END { end_page(); exit bad }
