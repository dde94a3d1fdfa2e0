#!/usr/bin/env bats
# tests/http.bats - the same requests in HTTP, as a table: responses are compared to the last byte.
#
# In a conversation, > is a request line, and fields after a |; without a version it is HTTP/1.1 and
# gets a Host. >> is sent as it is written. What must come back is a status line and after a | the
# body; without one, the body is "error: " and that line. The sign says what the head says:
#
#     <     nothing, so the connection stays       <<    Connection: close, and the server closes
#     <+    Connection: keep-alive                 <-    as <, and there is no body; <<- as <<
#
# After = each request, of those to the next =, gets the response that stands behind it.
# shellcheck disable=SC2030,SC2031,SC2034,SC2094,SC2153,SC2154

load helpers
load players

date='^Date: [A-Z][a-z]{2}, [0-3][0-9] [A-Z][a-z]{2} 20[0-9]{2} [0-2][0-9](:[0-6][0-9]){2} GMT.$'

# converse <<ROWS: with all of them, after the rows have become steps of units/play.
converse() {
    local row line=${BASH_LINENO[0]} each=''
    while IFS= read -r row; do
        line=$((line + 1))
        row=${row#"${row%%[! ]*}"}
        echo "@ $line"
        case $row in
        =*) each=${row#=} && each=${each# } ;;
        '>> '*) printf '>| %s\n' "${row#*> }" ;;
        [1-9]*) echo "$row" ;;
        end | finish) echo "- $row" ;;
        '> '*) request_steps "${row#> }" ;;
        *) response_steps "${row%% *}" "${row#* }" ;;
        esac
        case $each:$row in [!:]*'> '*) response_steps "${each%% *}" "${each#* }" ;; esac
    done >steps
    play <steps
}

request_steps() { # REQUEST LINE | FIELD | FIELD
    local fields=" | $1"
    case $1 in
    *HTTP/*) ;;
    *' | '*) fields=" | ${1%% | *} HTTP/1.1 | Host: localhost | ${1#* | }" ;;
    *) fields=" | $1 HTTP/1.1 | Host: localhost" ;;
    esac
    printf '> %s\\r\n' "${fields//' | '/$'\\r\n> '}" | tail -n +2
    printf '> \\r\n'
}

response_steps() { # SIGN, STATUS | BODY
    local status=${2%%[:|]*} body="error: $2" length
    case $2 in *' |'*) body=${2#* |} && body=${body# } ;; esac
    length=$((${#body} + 1))
    case $body in *\\*) length=$(printf '%b\n' "$body" | wc -c) ;; esac
    printf '< HTTP/1.1 %s\\r\n' "${status% }"
    echo "~ $date"
    printf '< %s\\r\n' 'Content-Type: text/plain; charset=utf-8' "Content-Length: $length" \
        'Cache-Control: no-store'
    case $2 in 405* | *'| GET, HEAD'*) printf '< Allow: GET, HEAD, OPTIONS\\r\n' ;; esac
    case $1 in
    '<<'*) printf '< Connection: close\\r\n' ;;
    '<+') printf '< Connection: keep-alive\\r\n' ;;
    esac
    printf '< \\r\n'
    case $1 in *-) ;; *) printf '< %s\n' "$body" ;; esac
    case $1 in '<<'*) echo '- end' ;; esac
}

# get N PATH [FIELD]...: sends a request through descriptor N.
get() { printf '%s\r\n' "GET $2 HTTP/1.1" 'Host: localhost' "${@:3}" '' >&"$1"; }

# hears_body N TEXT: of the next response.
hears_body() {
    until [ "${line-}" = $'\r' ]; do hear "$1" || return; done
    hears "$1" "$2"
}

# ---- What is asked ----

@test "what a line asks, a path asks as well; an error line is 404 or 400" {
    converse <<'END'
    > GET /echo/hi
    < 200 OK | hi
    > GET /primes/100
    < 200 OK | 25
    > GET /sleep/7
    < 200 OK | slept 7
    > GET /help
    < 200 OK | echo TEXT, sleep MS, primes N, count, who, stats, help, quit
    > GET /quit
    << 200 OK | bye
    > GET /nope
    < 404 Not Found | error: unknown request 'nope', try help
    > GET //who
    < 404 Not Found | error: unknown request '', try help
    > GET /sleep/60001
    < 400 Bad Request | error: sleep takes 0 to 60000 milliseconds
    > GET /primes/1/2
    < 400 Bad Request | error: primes takes 0 to 10000000
    > GET /count/
    < 400 Bad Request | error: count takes nothing after it
    > GET /crash
    < 404 Not Found | error: unknown request 'crash', try help
END
}

@test "%XX is one byte, but no line end" {
    converse <<'END'
    > GET /echo/some%20text
    < 200 OK | some text
    > GET /echo/
    < 200 OK |
    > GET /echo/-._~!$&'()*+,;=:@[]/?/?
    < 200 OK | -._~!$&'()*+,;=:@[]/
    > GET /%65cho/%3Fx%23
    < 200 OK | ?x#
    > GET /sleep%2F7
    < 404 Not Found | error: unknown request 'sleep/7', try help
    > GET /echo/%00
    < 200 OK | \000
    > GET /echo/%c3%A9
    < 200 OK | \303\251
    = < 400 Bad Request: % takes two hexadecimal digits, and makes no line end
    > GET /echo/a%0Acount
    > GET /echo/a%0d
    > GET /echo/%2
    > GET /echo/%2x
    > GET /echo/%+1
END
}

@test "a query means nothing, and a target may be as for a proxy" {
    converse <<'END'
    > GET /echo/a?b
    < 200 OK | a
    > GET /primes/10?/echo
    < 200 OK | 4
    > GET HTTP://localhost:9000/echo/http://b
    < 200 OK | http://b
    > GET https://localhost/echo/a
    < 421 Misdirected Request: there is no TLS here
    = < 400 Bad Request: the target begins with /
    > GET *
    > GET echo/a
    > GET ?/echo
    > GET ftp://localhost/echo
    = < 400 Bad Request: malformed host
    > GET http:///echo/a
    > GET http://
    > GET http://user@localhost/echo/a
    > GET http://[::1/echo/a
    > GET http://localhost:99999/echo/a
END
}

@test "on a loopback address, only who asks for this machine is answered" {
    converse <<'END'
    = < 200 OK | a
    > GET /echo/a HTTP/1.1 | Host: localhost
    > GET /echo/a HTTP/1.1 | Host: LOCALHOST:1
    > GET /echo/a HTTP/1.1 | Host: 127.0.0.1:9000
    > GET /echo/a HTTP/1.1 | Host: [::1]:65535
    > GET /echo/a HTTP/1.1 | Host:
    > GET http://localhost/echo/a HTTP/1.1 | Host: evil.example
    = <+ 200 OK | a
    > GET /echo/a HTTP/1.0 | Connection: keep-alive
    = < 421 Misdirected Request: this is localhost
    > GET /who HTTP/1.1 | Host: evil.example
    > GET / HTTP/1.1 | Host: localhost.evil.example
    > GET http://evil.example/who HTTP/1.1 | Host: localhost
    = <+ 421 Misdirected Request: this is localhost
    > GET /stats HTTP/1.0 | Host: evil.example:9000 | Connection: keep-alive
END
}

@test "?who asks who served it as well, and ends the conversation" {
    play <<'END'
    >| GET /primes/100?who HTTP/1.1\r\nHost: localhost\r\n\r\n
    > GET /echo/never HTTP/1.1\r\nHost: localhost\r\n\r
    < HTTP/1.1 200 OK\r
    ~ ^Date: 
    < Content-Type: text/plain; charset=utf-8\r
    ~ ^Content-Length: [3-6][0-9].$
    < Cache-Control: no-store\r
    < Connection: close\r
    < \r
    < 25
    ~ ^process [0-9]+ thread [0-9]+ client [0-9]+$
    - end
END
    converse <<'END'
    > GET /echo/a?whoever
    < 200 OK | a
    > GET /echo/b?x&who
    < 200 OK | b
END
}

@test "OPTIONS tells what is allowed, whatever it is asked for" {
    converse <<'END'
    = < 200 OK | GET, HEAD, OPTIONS
    > OPTIONS *
    > OPTIONS /quit?who
    = << 200 OK | GET, HEAD, OPTIONS
    > OPTIONS http://localhost HTTP/1.0
END
}

@test "HEAD gets the head that GET would, and other methods are not allowed, or unknown" {
    converse <<'END'
    > HEAD /primes/100
    <- 200 OK | 25
    > HEAD /nope
    <- 404 Not Found | error: unknown request 'nope', try help
    > HEAD /echo/a HTTP/1.1 | Host: evil.example
    <- 421 Misdirected Request: this is localhost
    = < 405 Method Not Allowed
    > POST /count
    > DELETE /count
    > CONNECT localhost:80
    = < 501 Not Implemented
    > get /count
    > GETX /count
    =
    > HEAD /echo/b HTTP/3.0
    <<- 505 HTTP Version Not Supported
    > HEAD /{x*8192}
    <<- 414 URI Too Long: line longer than 8192 bytes
    >> HEAD / HTTP/1.1\r\nX: {x*16384}
    <<- 431 Request Header Fields Too Large: more than 16384 bytes
END
}

# ---- The connection ----

@test "HTTP/1.1 keeps the connection unless told to close it, HTTP/1.0 the other way round" {
    converse <<'END'
    = < 200 OK | a
    > GET /echo/a | Connection: keep-alive
    = <+ 200 OK | a
    > GET /echo/a HTTP/1.0 | Connection: Keep-Alive
    = << 200 OK | a
    > GET /echo/a | Connection: close
    > GET /echo/a | connection:keep-alive ,	CLOSE
    > GET /echo/a HTTP/1.0
    > GET /echo/a HTTP/1.0 | Host: localhost | Connection: keep-alive | Connection: close
    = << 505 HTTP Version Not Supported
    > GET /echo/a HTTP/2.0 | Host: localhost
    > GET /echo/a HTTP/0.9 | Host: localhost
    >> PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n
END
}

@test "many requests at once are answered in order, and none after one that closes" {
    converse <<'END'
    > GET /sleep/50
    > GET /echo/a
    > HEAD /echo/b
    > GET /primes/1000
    > GET /nope
    > POST /count
    > GET /sleep/1
    > GET /quit
    > GET /echo/never
    < 200 OK | slept 50
    < 200 OK | a
    <- 200 OK | b
    < 200 OK | 168
    < 404 Not Found | error: unknown request 'nope', try help
    < 405 Method Not Allowed
    < 200 OK | slept 1
    << 200 OK | bye
END
}

@test "three hundred requests at once are answered in as many responses" {
    converse <<<"$(printf '> GET /echo/%s\n' {100..399} && printf '< 200 OK | %s\n' {100..399})"
}

# ---- The body of a request ----

@test "a body is skipped, whatever is in it" {
    converse <<'END'
    >> POST /count HTTP/1.1\r\nHost: localhost\r\nContent-Length: 23\r\n\r\nGET /count HTTP/1.1\r\n\r\n
    < 405 Method Not Allowed
    >> GET /echo/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 000005\r\n\r\ncountGET /echo/b HTTP/1.1\r\nHost: localhost\r\n\r\n
    < 200 OK | a
    < 200 OK | b
    > GET /echo/d | Content-Length: 65536
    >> {x*65536}
    > GET /echo/e
    < 200 OK | d
    < 200 OK | e
    > GET /echo/f | Content-Length: 5 | Expect: 100-continue
    << 200 OK | f
    > POST /echo/g | Content-Length: 5 | Connection: close
    << 405 Method Not Allowed
END
}

@test "a body in chunks is skipped, whatever is in it" {
    converse <<'END'
    > GET /echo/a | Transfer-Encoding: chunked
    >> 0\r\n\r\n
    > GET /echo/b | Transfer-Encoding: CHUNKED
    >> 13\r\nGET /never HTTP/1.1\r\n000A;x=y\r\n0\r\n\r\n0\r\n\r\n\r\n0 ;"x"\r\nX: y\r\nContent-Length: 9\r\n\r\n
    > POST /echo/c | Transfer-Encoding: chunked
    >> 10000\r\n{x*65536}\r\n0\r\n\r\n
    > GET /echo/d | Transfer-Encoding: chunked | Expect: 100-continue
    < 200 OK | a
    < 200 OK | b
    < 405 Method Not Allowed
    << 200 OK | d
END
}

@test "chunks that are malformed, or too many, close the connection" {
    converse <<'END'
    > GET /echo/a | Transfer-Encoding: chunked
    >> 10001\r\n{x*65537}\r\n0\r\n\r\n
    < 200 OK | a
    end
    > GET /echo/b | Transfer-Encoding: chunked
    >> 10000\r\n{x*65536}\r\n
    >> 10000\r\n{x*65536}\r\n
    < 200 OK | b
    end
    > GET /echo/c | Transfer-Encoding: chunked
    >> {0*20000}
    < 200 OK | c
    end
    > GET /echo/d | Transfer-Encoding: chunked
    >> 0\r\nX: y\r\n{x*20000}
    < 200 OK | d
    end
    > GET /echo/e | Transfer-Encoding: chunked
    >> 0;{x*8189}\r\n\r\n
    < 200 OK | e
    end
    > GET /echo/f | Transfer-Encoding: chunked
    >> 0\r\nno field\r\n\r\n
    < 200 OK | f
    end
END
}

# ---- Limits ----

# early HEAD COMMAND [ARGUMENT]...: a client that sends the output behind this, and only then reads,
# hears this end of the status line.
early() {
    connect 5
    printf %b "$1" >&5
    "${@:3}" >&5
    hears 5 "$2"$'\r'
    exec 5>&-
}

in_pieces() { for _ in {1..100}; do printf '%050d' 0; done; }

early_answers() {
    local head='POST / HTTP/1.1\r\nHost: a\r\nContent-Length:'
    early "$head 5000000\r\n\r\n" 'HTTP/1.1 413 Content Too Large' head -c 5000000 /dev/zero
    early 'GET / HTTP/3.0\r\n\r\n' 'HTTP/1.1 505 HTTP Version Not Supported' \
        head -c 5000000 /dev/zero
    early "$head 5000\r\nConnection: close\r\n\r\n" 'HTTP/1.1 405 Method Not Allowed' in_pieces
}

@test "an answer reaches a client that is still sending" { each early_answers; }

@test "a request line may have 8192 bytes, a head 16384, and not one more" {
    converse <<END
    > GET /$(x 8176)
    < 404 Not Found | error: unknown request '$(x 32)', try help
    >> GET /echo/$(x 8172) HTTP/1.1\nHost: localhost\n\n
    < 200 OK | $(x 8172)
    > GET /{x*8177}
    << 414 URI Too Long: line longer than 8192 bytes
    >> POST /{x*20000}
    << 414 URI Too Long: line longer than 8192 bytes
    >> GET /echo/a HTTP/1.1\nHost: localhost\nX: {x*16342}\n\n
    < 200 OK | a
    >> GET /echo/b HTTP/1.1\nHost: localhost\nX: {x*16343}\n\n
    << 431 Request Header Fields Too Large: more than 16384 bytes
    > GET /echo/c
    >> GET /echo/d HTTP/1.1\r\nHost: localhost\r\n
    >> {x*20000}
    < 200 OK | c
    << 431 Request Header Fields Too Large: more than 16384 bytes
END
}

# ---- What is not HTTP ----

@test "the first line decides whether it is HTTP" {
    play <<'END'
    1> echo I speak HTTP/1.1
    1< I speak HTTP/1.1
    1> GET / HTTP/1.1
    1< error: unknown request 'GET', try help
    2> count / HTTP/1.1\r
    2< error: count takes nothing after it
    3>
    3< error: unknown request '', try help
    4> {X*8192}
    4< error: line longer than 8192 bytes
END
}

@test "an empty line in CR LF before the first request means nothing" {
    converse <<'END'
    >> \r\n\r\nGET /echo/a HTTP/1.0\r\n\r\n
    << 200 OK | a
END
    play <<'END'
    > \r
    > echo a\r\n\r
    < a
    < error: unknown request '', try help
END
}

@test "a head that is malformed is 400, and the connection closes" {
    converse <<'END'
    > GET /echo/a HTTP/1.1 | hOST:[::1]:9000\t | X: | Y:\t\200 a:b | Z!#$%&'*+-.^_`|~: z
    < 200 OK | a
    = << 400 Bad Request: a request begins GET /TARGET HTTP/1.1
    >> GET /count\r\n\r\n
    >> GET /co\000unt HTTP/1.1\r\nHost: localhost\r\n\r\n
    > G(T /count
    > GET /count HTTP/1.x | Host: localhost
    > GET /count HTTP/1-1 | Host: localhost
    > GET /count HTTP/1.10 | Host: localhost
    > GET /echo/a#b
    > GET /echo/a|b
    > GET /echo/a\303\251
    = << 400 Bad Request: malformed header
    >> GET /count HTTP/1.1\r\n Host: localhost\r\n\r\n
    > GET /count | X: \000
    > GET /count | X\000: x
    > GET /count | (X): x
    > GET /count HTTP/1.1 | Host: a b
    > GET /count HTTP/1.1 | Host: a:65536
    > GET /count HTTP/1.1 | Host: [::1
    > GET /count HTTP/1.1 | Host: [::1]a
    > GET /count HTTP/1.1 | Host: a@b
    =
    >> echoes hello HTTP/1.1\r\nHost: localhost\r\n\r\n
    < 501 Not Implemented
    > GET /echo/a
    >> count\r\n\r\n
    < 200 OK | a
    << 400 Bad Request: a request begins GET /TARGET HTTP/1.1
END
}

@test "all lines of a head end as the first one does, and empty ones may come before it" {
    converse <<'END'
    >> GET /echo/a HTTP/1.1\nHost: localhost\n\nGET /echo/b HTTP/1.1\r\nHost: localhost\r\n\r\n
    < 200 OK | a
    < 200 OK | b
    >> \r\n\n\r\nGET /echo/c HTTP/1.1\nHost: localhost\n\n
    < 200 OK | c
    = << 400 Bad Request: malformed header
    >> GET /count HTTP/1.1\r\nHost: localhost\n\r\n
    >> GET /count HTTP/1.1\nHost: localhost\r\n\r\n
END
}

hidden='GET /count HTTP/1.1\r\nHost: localhost\r\n\r\n'

@test "no request is smuggled in another one" {
    printf '%s\n' '2> count' '2< {n}' >rows
    while IFS= read -r row; do
        case $row in '' | '#'*) continue ;; esac
        sign='<<'
        case $row in 405*) sign='<' ;; esac # its body is read on
        printf '%s\n' ">> ${row#* => }" "$sign ${row%% => *}" finish
    done <"$BATS_TEST_DIRNAME/smuggling.txt" >>rows
    printf '%s\n' '2> count' '2< {n+1}' >>rows
    converse <<<"$(sed "s|{hidden}|${hidden//\\/\\\\}|" rows)"
}

# ---- Each with a server of its own ----

turns() {
    case $SERVER in 'async'* | *gil*) skip 'not a pool of handlers' ;; esac
    SERVER="$program -n 1" start_server -t 0
    connect 5
    get 5 /echo/alone
    hears_body 5 alone
    connect 6
    get 6 /echo/second
    get 5 /echo/first
    hears_body 5 first
    hears_end 5
    hears_body 6 second
    get 6 /echo/alone%20again
    hears_body 6 'alone again'
    printf '\r\n' >&6 # is no request
    connect 5
    get 5 /echo/third
    hears_body 5 third
    hears_end 6
}

@test "in a pool a client gives up its turn after a response if others wait" { side_by_side turns; }

# ---- Its clients ----

curl() { command curl -qs "$@"; } # -q: without what a ~/.curlrc says
curl_asks() {
    command -v curl >/dev/null || skip 'needs curl'
    at=http://127.0.0.1:$port
    same "$(curl -w '%{num_connects}\n' "$at/echo/a" "$at/nope" "$at/echo/b")" \
        $'a\n1\nerror: unknown request \'nope\', try help\n0\nb\n0'
    same "$(curl -w '%{num_connects}\n' --http1.0 "$at/echo/a" "$at/echo/b")" $'a\n1\nb\n1'
    same "$(curl --http2 "$at/echo/a" -H 'Connection: close' -w '%{http_code}\n' "$at/quit")" \
        $'a\n200\nbye\n200'
    same "$(curl -x "127.0.0.1:$port" http://localhost/echo/as%20a%20proxy)" 'as a proxy'
    x 65536 >body
    same "$(curl -w '%{num_connects}\n' -X GET --data-binary @body "$at/echo/a" "$at/echo/b")" \
        $'a\n1\nb\n0'
    same "$(curl -w '%{num_connects}\n' -X GET --data-binary @body \
        -H 'Transfer-Encoding: chunked' "$at/echo/a" "$at/echo/b")" $'a\n1\nb\n0'
    x 65537 >body
    same "$(curl -w ', %{http_code}' --data-binary @body "$at/count")" \
        $'error: 413 Content Too Large: more than 65536 bytes\n, 413'
}

@test "curl gets what it asks, on one connection where it may" { each curl_asks; }

ab_asks() {
    command -v ab >/dev/null || skip 'needs ab'
    for use in '-k -c 4' '-c 64'; do # more than 4 would wait for a pool, which may let one go
        # shellcheck disable=SC2086
        ab -q $use -n 2000 "http://127.0.0.1:$port/echo/hello" >said
        same "$(awk '/^(Complete|Failed) requests/ { print $3 }' said | tr '\n' ' ')" '2000 0 '
        fails grep Non-2xx said
    done
}

@test "ab has no failed request, with -k and without" { each ab_asks; }
