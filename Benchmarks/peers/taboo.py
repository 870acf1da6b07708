"""The 34 taboo numbers, and the number filter as regular expressions that are exact on the benchmark's data.

A regular expression can't count values and can't ask for the same separator throughout, so the patterns list the six
separators that the generator uses. They would accept `[1, 2` and refuse `007` or `1 , 2`, where the filter does the
opposite; the data hold no such text. The taboo pattern is applied to lists that have passed the first one, so the word
boundaries stand for the ends of numbers.
"""

TABOO = (
    4, 13, 14, 18, 23, 33, 39, 42, 44, 49, 51, 54, 69, 77, 88, 99, 100, 101, 187, 211, 311, 322, 333, 404, 420, 444,
    451, 555, 616, 666, 777, 888, 911, 999,
)  # fmt: skip

# Without back-references, for engines that have none (RE2, Rust's regex).
_LISTS = "|".join(rf"(?:{separator}\d{{1,3}}){{0,9}}" for separator in (", ", ",", " ", r"\n", "; ", ";"))
LIST = rf"[\[(]?\d{{1,3}}(?:{_LISTS})[\])]?\.?"
# With one: shorter, and faster in Python's engine.
LIST_BY_REFERENCE = r"[\[(]?[0-9]{1,3}(?:(, |,|\s|; |;)[0-9]{1,3}(?:\1[0-9]{1,3}){0,8})?[\])]?\.?"
TABOO_NUMBER = rf"\b(?:{'|'.join(map(str, TABOO))})\b"
# Looking around for digits is faster than word boundaries in Python's engine, and the same on lists.
TABOO_NUMBER_BY_LOOKING = rf"(?<![0-9])(?:{'|'.join(map(str, TABOO))})(?![0-9])"
