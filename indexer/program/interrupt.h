/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Being asked to stop: SIGINT, SIGTERM and SIGHUP. */
#ifndef XUNZI_INDEXER_PROGRAM_INTERRUPT_H
#define XUNZI_INDEXER_PROGRAM_INTERRUPT_H

#include <stdbool.h>

/* From here on the signals are remembered instead of ending the program, and a read that waits is
 * ended by them. A signal that the program was started to ignore stays ignored. */
void interrupt_catch(void);

/* Whether one has come. */
bool interrupt_seen(void);

#endif
