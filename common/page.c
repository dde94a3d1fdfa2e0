/* common/page.c - the text of page.html, made from it by make. */
#include "page.h"

/* clang-format off */
#pragma GCC diagnostic ignored "-Woverlength-strings"

const char page[] =
    "<!doctype html>\n"
    "<html lang=\"en\">\n"
    "<meta charset=\"utf-8\">\n"
    "<title>A server that answers lines, and HTTP</title>\n"
    "<ul>\n"
    "<li><a href=\"/sleep/1000\">sleep 1000</a> waits\n"
    "<li><a href=\"/primes/1000000\">primes 1000000</a> computes\n"
    "<li><a href=\"/count\">count</a> shares\n"
    "<li><a href=\"/who\">who</a> serves me?\n"
    "<li><a href=\"/stats\">stats</a>\n"
    "<li><a href=\"/help\">help</a>\n"
    "</ul>\n";

const size_t page_length = sizeof page - 2;
