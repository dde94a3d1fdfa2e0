/* tutorial/labs/3-the-gil/answers.h - what the lab's file and the interpreter share. */
#ifndef ANSWERS_H
#define ANSWERS_H

#include "model.h"

/* ---- From answers.c ---- */

/* Called once, before any thread exists. */
void answers_prepare(void);

/* How the server waits, computes and counts. Each function is called with the GIL held, and must
 * return with the GIL held. */
extern const struct model answers;

/* ---- From interpreter.c ---- */

/* Hands the GIL over if another thread has asked for it, and waits for the next turn. CPython does
 * this between two bytecodes. Costs one load if no thread has asked. */
void between_bytecodes(void);

#endif
