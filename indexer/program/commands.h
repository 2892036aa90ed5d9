/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of xunzi-indexer, each in the file of its name. A command gets its own arguments
 * (arguments[0] is its name) and returns the program's exit status; main() ends the output. */
#ifndef XUNZI_INDEXER_PROGRAM_COMMANDS_H
#define XUNZI_INDEXER_PROGRAM_COMMANDS_H

int command_add(int count, char **arguments);
int command_delete(int count, char **arguments);
int command_optimize(int count, char **arguments);
int command_stats(int count, char **arguments);
int command_check(int count, char **arguments);
int command_export(int count, char **arguments);
int command_inspect(int count, char **arguments);

#endif
