/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What --help prints. */
#ifndef XUNZI_INDEXER_PROGRAM_USAGE_H
#define XUNZI_INDEXER_PROGRAM_USAGE_H

/* The help of a command; of the whole program for NULL. NULL: there is no such command. */
const char *usage_of(const char *command);

#endif
