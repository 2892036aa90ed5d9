# SPDX-License-Identifier: GPL-2.0-or-later
"""The reference: plain bigrams ranked by BM25 with its textbook constants, slow and obvious.

Runs of Han, kana and Hangul give their overlapping bigrams, a run of one that character, letters and digits one
token; nothing is folded but width and case, so queries and documents are to be in one script.
"""
import collections
import heapq
import math
import re
import unicodedata

K1, B = 1.2, 0.75
CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff"
RUN = re.compile(rf"([{CJK}]+)|([^\W_{CJK}]+)")


def terms_of(text):
    terms = []
    for cjk, latin in RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if latin:
            terms.append(latin)
        elif len(cjk) == 1:
            terms.append(cjk)
        else:
            terms += [cjk[i:i + 2] for i in range(len(cjk) - 1)]
    return terms


class PlainBigrams:
    def __init__(self, documents):
        """documents: pairs of id and text."""
        self.ids = []
        lengths = []
        found = collections.defaultdict(list)
        for identifier, text in documents:
            terms = terms_of(text)
            for term, frequency in collections.Counter(terms).items():
                found[term].append((len(self.ids), frequency))
            self.ids.append(identifier)
            lengths.append(len(terms))
        mean = sum(lengths) / len(lengths)
        self.postings = {}
        for term, postings in found.items():
            idf = math.log1p((len(lengths) - len(postings) + 0.5) / (len(postings) + 0.5))
            self.postings[term] = [
                (document, idf * tf / (tf + K1 * (1 - B + B * lengths[document] / mean))) for document, tf in postings]

    def rank(self, query, most):
        """The ids of the best documents, equal ones in the order of documents."""
        scores = [0.0] * len(self.ids)
        for term in terms_of(query):
            for document, score in self.postings.get(term, ()):
                scores[document] += score
        best = heapq.nsmallest(most, range(len(scores)), key=lambda document: (-scores[document], document))
        return [self.ids[document] for document in best if scores[document] > 0]
