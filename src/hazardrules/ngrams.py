"""The texts that come nearest to a description, by the characters that they share."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from math import log, sqrt
from operator import add

__all__ = ["NgramIndex"]


def _grams(text: str) -> Counter[str]:
    """Single characters and pairs: Chinese words are mostly two characters long."""
    kept = [c for c in unicodedata.normalize("NFKC", text).lower() if _counts(c)]
    return Counter([*map(add, kept, kept[1:]), *kept])


@lru_cache(8192)
def _counts(character: str) -> bool:
    """Whether it is a letter or a number."""
    return unicodedata.category(character)[0] in "LN"


class NgramIndex:
    """Ranks texts by the character n-grams that they share with a query; rare n-grams weigh more (tf-idf, cosine)."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [_grams(text) for text in texts]
        spread = Counter(chain.from_iterable(counts))
        self._weight = {gram: (len(gram) ** 2) * log(1 + len(texts) / times) for gram, times in spread.items()}
        postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for index, one in enumerate(counts):
            weights = [times * self._weight[gram] for gram, times in one.items()]
            norm = sqrt(sum([weight * weight for weight in weights])) or 1.0
            for gram, weight in zip(one, weights, strict=True):
                postings[gram].append((index, weight / norm))
        self._postings = dict(postings)

    def rank(self, query: str, count: int, floor: float = 0.02) -> list[tuple[int, float]]:
        """The indexes of the ``count`` nearest texts with a score from 0 to 1, best first, none below ``floor``."""
        grams = _grams(query)
        norm = sqrt(sum((n * self._weight.get(g, 0.0)) ** 2 for g, n in grams.items())) or 1.0
        scores: dict[int, float] = {}
        for gram, times in grams.items():
            for index, weight in self._postings.get(gram, ()):
                scores[index] = scores.get(index, 0.0) + times * self._weight[gram] / norm * weight
        best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:count]
        return [(index, min(score, 1.0)) for index, score in best if score >= floor]
