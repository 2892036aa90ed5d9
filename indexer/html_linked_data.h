/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a page states of itself in scripts of type application/ld+json (JSON-LD 1.1): headline,
 * datePublished, and the names of publisher and author as schema.org has them; title and pubDate as
 * Baidu asks sites for them. Looked at are the object of a script, or those of its array, and those
 * in their "@graph"; what else they hold, comments and lists of other articles say, is not.
 */
#ifndef XUNZI_INDEXER_HTML_LINKED_DATA_H
#define XUNZI_INDEXER_HTML_LINKED_DATA_H

#include "indexer/html_fields.h"

/* Offers to fields what the scripts in data state; html_prepare put them there, a NUL behind each.
 * A script that is no JSON, is nested deeper than json-c goes, or is larger than any page states of
 * itself, offers nothing. */
void html_linked_data_read(const char *data, size_t size, struct html_fields *fields);

#endif
