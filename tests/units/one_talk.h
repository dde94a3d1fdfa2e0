/* tests/units/one_talk.h - one conversation at a time, for a test program that looks at a session
 * step by step. */
#ifndef ONE_TALK_H
#define ONE_TALK_H

#include "talk.h"
#include "unit.h"

static struct talk talk;

static enum session_status send_and_serve(const char *text, size_t length)
{
    check_number(talk_send(&talk, text, length), length);
    return talk_settle(&talk);
}

static void check_replies(const char *wanted, size_t length)
{
    talk_hide_dates(talk.replies, talk.length);
    check_text(talk.replies, talk.length, wanted, length);
}

static void finish(void)
{
    talk_finish(&talk);
    talk_free(&talk);
}

#endif
