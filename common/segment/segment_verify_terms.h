/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of segment_verify that reads terms and their lists. */
#ifndef XUNZI_SEGMENT_SEGMENT_VERIFY_TERMS_H
#define XUNZI_SEGMENT_SEGMENT_VERIFY_TERMS_H

#include "segment/segment.h"

/* Verifies the dictionary, every list, its bounds, and that they agree with the header and the
 * lengths. */
xunzi_status segment_verify_terms(const struct segment *segment);

#endif
