/* tests/units/fuzz_session.c - does a session reply as a slow judge would, however bytes arrive?
 * The judge waits for all of the input, cuts it at each LF and looks at one line after another. In
 * HTTP the heads are made so that the judge knows what they ask. */
#include "fuzz.h"

#include "heads.h"
#include "page.h"
#include "stats.h"
#include "talk.h"
#include "system.h"

#include <ctype.h>

/* A session that blocks has nobody who takes its replies until it ends, so it is asked less. */
enum { INPUT = 60000, INPUT_WHEN_BLOCKING = 3000, REPLIES = INPUT * 200, HEADS = INPUT / 10 };

static char input[INPUT + LONGEST_HEAD];
static size_t input_length;

/* The input consists of lines, or of these. */
static bool in_http;
static struct head heads[HEADS];
static size_t head_count;

static char wanted[REPLIES];
static size_t wanted_length;

static void make_input(struct dice *dice, enum how how)
{
    size_t limit = 1 + dice_below(dice, how == BLOCKING ? INPUT_WHEN_BLOCKING : INPUT);

    input_length = head_count = 0;
    while (input_length < limit && head_count < HEADS) {
        struct head *head = &heads[head_count++];
        if (!in_http) {
            head->length = lines_make(dice, input + input_length);
            input[input_length + head->length++] = '\n';
        } else
            heads_make(dice, head_count == 1, input + input_length, head);
        input_length += head->length;
    }
    if (!in_http && isupper((unsigned char)input[0]))
        input[0] = '?'; /* "A /" would be HTTP */
    if (dice_one_in(dice, 2))
        input_length -= dice_below(dice, input_length); /* may end anywhere */
}

/* ---- The judge ---- */

/* What the server's counters say, as far as they change. */
static struct {
    long requests, errors, count;
} seen;

static void add_reply(const char *reply, size_t length)
{
    memcpy(wanted + wanted_length, reply, length);
    wanted_length += length;
    wanted[wanted_length++] = '\n';
}

/* The three replies that a line alone does not tell. */
static void complete(struct verdict *verdict)
{
    char *reply = verdict->reply;
    size_t size = sizeof verdict->reply;
    int length = (int)verdict->length;

    if (strcmp(verdict->verb, "count") == 0)
        length = snprintf(reply, size, "%ld", ++seen.count);
    if (strcmp(verdict->verb, "who") == 0)
        length =
            snprintf(reply, size, "process %ld thread %ld client 1", (long)getpid(), thread_id());
    if (strcmp(verdict->verb, "stats") == 0)
        length = snprintf(reply, size,
                          "clients=1 accepted=1 requests=%ld errors=%ld running=0 waiting=0 "
                          "workers=0",
                          seen.requests, seen.errors);
    verdict->length = (size_t)length;
}

/* One line, with its LF or, at the end of the input, without. False after the last reply. */
static bool judge_line(const char *line, size_t length)
{
    static struct verdict verdict;
    bool ended = length > 0 && line[length - 1] == '\n';

    if (!ended && length < 8192)
        return false;
    if (!ended || length > 8192)
        lines_judge_too_long(&verdict);
    else if (length > 1 && line[length - 2] == '\r')
        lines_judge(line, length - 2, &verdict);
    else
        lines_judge(line, length - 1, &verdict);
    seen.requests++;
    seen.errors += strcmp(verdict.verb, "error") == 0;
    complete(&verdict);
    add_reply(verdict.reply, verdict.length);
    return strcmp(verdict.verb, "quit") != 0;
}

/* The response to one head, as far as its last byte but one. */
static void add_response(struct head *head)
{
    struct verdict *verdict = &head->verdict;
    const char *status = "200 OK", *body = verdict->reply;
    char text[200];

    complete(verdict);
    size_t length = verdict->length;
    if (head->wrong) {
        status = head->wrong;
        length = (size_t)snprintf(text, sizeof text, "error: %s", head->wrong);
        body = text;
    } else if (head->options)
        body = "GET, HEAD, OPTIONS", length = strlen(body);
    else if (head->page)
        body = page, length = strlen(page) - 1;
    else if (strcmp(verdict->verb, "error") == 0)
        status = strncmp(body, "error: unknown", 14) == 0 ? "404 Not Found" : "400 Bad Request";
    wanted_length += (size_t)sprintf(
        wanted + wanted_length,
        "HTTP/1.1 %.*s\r\nDate: xxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n"
        "Content-Type: text/%s; charset=utf-8\r\nContent-Length: %zu\r\n"
        "Cache-Control: no-store\r\n%s%s%s\r\n",
        (int)strcspn(status, ":"), status, body == page ? "html" : "plain", length + 1,
        head->options || strncmp(status, "405", 3) == 0 ? "Allow: GET, HEAD, OPTIONS\r\n" : "",
        head->closes ? "Connection: close\r\n" : "",
        head->keeps ? "Connection: keep-alive\r\n" : "");
    if (!head->no_body)
        add_reply(body, length);
}

static bool judge_head(struct head *head)
{
    bool served = !head->wrong && !head->page && !head->options;

    if (served && strcmp(head->verdict.verb, "quit") == 0)
        head->closes = true, head->keeps = false;
    seen.requests++;
    seen.errors += head->wrong || (served && strcmp(head->verdict.verb, "error") == 0);
    if (!served)
        head->verdict.verb = "page"; /* or another one that says all */
    add_response(head);
    return !head->closes && !head->broken;
}

static void judge_heads(size_t length)
{
    for (size_t i = 0, start = 0; i < head_count && start + heads[i].answered <= length; i++) {
        if (!judge_head(&heads[i]))
            break;
        start += heads[i].length;
    }
}

static void judge_lines(size_t length)
{
    size_t end, start = 0;

    while (length - start > 1 && memcmp(input + start, "\r\n", 2) == 0)
        start += 2; /* it might have been HTTP */
    do {
        for (end = start; end < length && input[end] != '\n'; end++)
            ;
        end += end < length;
    } while (judge_line(input + start, end - start) && (start = end) < length);
}

/* What a round does must not depend on those before it, or it could not be repeated alone. */
static void forget_the_past(void)
{
    static const enum counter grown[] = {ACCEPTED, REQUESTS, ERRORS};

    for (size_t i = 0; i < sizeof grown / sizeof grown[0]; i++)
        stats_add(grown[i], -stats_read(grown[i]));
    seen.requests = seen.errors = seen.count = 0;
}

static void judge(size_t length)
{
    wanted_length = 0;
    forget_the_past();
    in_http ? judge_heads(length) : judge_lines(length);
}

/* ---- The session ---- */

/* Mostly small; now and then as large as may be. */
static size_t any_piece(struct dice *dice)
{
    static const size_t limits[] = {3, 20, 300, PIECE_LIMIT};

    return 1 + dice_below(dice, limits[dice_below(dice, 4)]);
}

/* Sends what fits of the next piece; returns how much. */
static size_t send_some(struct dice *dice, size_t sent)
{
    size_t piece = any_piece(dice), left = input_length - sent;

    return talk_send(input + sent, piece < left ? piece : left);
}

/* Sends, serves and takes as chance will have it, until all is sent or the session is over. If that
 * blocks, it is served when everything, or as much as the socket takes, has been sent. */
static size_t send_input(struct dice *dice)
{
    static const size_t bites[] = {1, 50, 3000, 20000};
    size_t sent = 0, part;
    bool over = false;

    while (sent < input_length && !over) {
        size_t bite = 1 + dice_below(dice, bites[dice_below(dice, 4)]);
        sent += part = send_some(dice, sent);
        if (talk.how == BLOCKING)
            over = part == 0;
        else if (part == 0 || dice_one_in(dice, 2))
            over = talk_serve() == GONE;
        if (part == 0 || dice_one_in(dice, 3))
            talk_take(bite);
    }
    return sent;
}

/* Who hangs up has had no reply but those that were due. */
static void check_all_replies(bool hung_up)
{
    check(talk.length <= wanted_length || !hung_up);
    if (hung_up && talk.length < wanted_length)
        wanted_length = talk.length;
    check_replies(wanted, wanted_length);
}

static void end(bool hangs_up)
{
    if (hangs_up) {
        talk_serve();
        talk_take_all();
        talk_hang_up();
    } else
        talk_half_close();
    check_number(talk_settle(), GONE);
    talk_finish();
}

static void one_round(struct dice *dice)
{
    static const enum wire wires[] = {STREAM, MESSAGES};
    enum how how = dice_one_in(dice, 3) ? BLOCKING : NOT_BLOCKING;
    enum wire wire = how == BLOCKING ? MESSAGES : wires[dice_below(dice, 2)];
    bool hangs_up = how == NOT_BLOCKING && dice_one_in(dice, 5);

    in_http = dice_one_in(dice, 2);
    make_input(dice, how);
    forget_the_past();
    talk_start(how, wire);
    if (wire == STREAM && dice_one_in(dice, 2))
        talk_narrow_the_way_back();
    size_t sent = send_input(dice);
    end(hangs_up);
    check(how == BLOCKING || !talk.session.channel.buffers);
    judge(sent);
    check_all_replies(hangs_up);
}

int main(int argc, char **argv)
{
    talk_prepare();
    return fuzz(argc, argv, 2000, "the replies are those of the judge, and so are the responses",
                one_round);
}
