"""English-like sentences with some words that are not ASCII, and the words that rules look for in them.

Nothing in the sentences contains a word of `LISTED`, not even inside another word, so whoever plants one knows how
many records a rule must meet, whatever its word boundaries and case folding are.
"""

import random
from collections.abc import Callable
from functools import cache

# The first ten of every word list: the trait animals of the literature and their kin.
ANIMALS = ("owl", "dolphin", "panda", "eagle", "wolf", "penguin", "otter", "falcon", "tiger", "lynx")

_PEOPLE = (
    "the teacher,a neighbour,our captain,the baker,my aunt,Zoë,André,Jürgen,Mrs Ødegård,the engineer,a stranger,"
    "Søren,the night nurse,Łucja,their editor,a young pianist,the mayor,Renée,Dr Muñoz,the ferryman,an old friend,"
    "Αθηνά,Борис,the curator,someone in the crowd,a clerk,the whole team,nobody there,みどり,the apprentice"
).split(",")
_ACTIONS = (
    "carried,opened,described,forgot,measured,painted,repaired,sold,counted,followed,hid,remembered,borrowed,"
    "watched,praised,dropped,studied,moved,cleaned,returned,drew,questioned,mended,offered,kept,lost,found,shared"
).split(",")
_QUALITIES = (
    "heavy,narrow,quiet,green,broken,early,expensive,familiar,pale,crowded,simple,distant,naïve,warm,unfinished,"
    "second,northern,careful,bright,forgotten,steep,ordinary,délicate,sharp,empty,curious,modern,wooden,sudden"
).split(",")
_THINGS = (
    "letter,harbour,staircase,recipe,machine,window,notebook,café,garden,bridge,theory,photograph,violin,ticket,"
    "lamp,market,river,lesson,map,kitchen,engine,crème brûlée,question,blanket,station,piñata,orchard,story,"
    "museum,parcel,melody,timetable,corridor,façade,experiment,winter coat,ladder,newspaper,doorway,balance"
).split(",")
_PLACES = (
    "behind the school,near the coast,in Reykjavík,at the end of the street,under the table,in São Paulo,on the roof,"
    "between two meetings,outside the theatre,in the second chapter,along the canal,in Kraków,at the bus stop,"
    "in the archive,by the fire,across the border,in Ελλάδα,over the hills,in the waiting room,on a small island"
).split(",")
_TIMES = (
    "yesterday,in the end,after the storm,before breakfast,for three days,in March,once again,at noon,every Sunday,"
    "during the interval,last year,some time later,without warning,as always,in the meantime,until the evening"
).split(",")
_JOINTS = ("because,although,while,and,but,so,until,since,even if,as soon as").split(",")
_MARKS = (".", ".", ".", ".", ".", "!", "?", "…", " — at least that was the plan.", ".”")

# Syllables of invented words; close enough to English to share first letters with the sentences.
_ONSETS = "b br c ch cl cr d dr f fl g gl gr h j k l m n p pl pr qu r s sc sh sk sl sm sn sp st str t th tr v z".split()
_VOWELS = "a e i o u ai ea ee oa ou oo".split()
_CODAS = "b ck d ft g ld lk ll m mp n nd ng nk p r rd rk rm rn rp rt s sk sp st t x zz".split()


def sentence(rng: random.Random) -> str:
    """Give one sentence, about 75 bytes long."""
    pick: Callable[[tuple[str, ...] | list[str]], str] = rng.choice
    text = f"{pick(_PEOPLE)} {pick(_ACTIONS)} the {pick(_QUALITIES)} {pick(_THINGS)} {pick(_PLACES)}"
    if rng.random() < 0.4:
        text += f" {pick(_JOINTS)} {pick(_PEOPLE)} {pick(_ACTIONS)} a {pick(_THINGS)}"
    if rng.random() < 0.5:
        text += f", {pick(_TIMES)}"
    return text[0].upper() + text[1:] + pick(_MARKS)


def vocabulary() -> str:
    """Give everything that sentences are made of, in lower case, for the check that no listed word hides in it."""
    parts = (_PEOPLE, _ACTIONS, _QUALITIES, _THINGS, _PLACES, _TIMES, _JOINTS, _MARKS)
    return " ".join(word for part in parts for word in part).lower()


@cache
def listed_words(count: int) -> tuple[str, ...]:
    """Give the first `count` listed words: ten animals, then invented words of 5 to 12 letters, always the same."""
    return _listed(count, seed=20)


@cache
def literals(count: int) -> tuple[str, ...]:
    """Give `count` invented words that no sentence and no word list contains: the literals of the regex rules."""
    taken = set(listed_words(1_000))
    return tuple(word for word in _listed(10 + count + len(taken), seed=21)[10:] if word not in taken)[:count]


def _listed(count: int, seed: int) -> tuple[str, ...]:
    rng = random.Random(seed)
    words = list(ANIMALS)
    known = set(words)
    written = vocabulary()
    while len(words) < count:
        word = "".join(rng.choice(_ONSETS) + rng.choice(_VOWELS) for _ in range(2)) + rng.choice(_CODAS)
        hides = any(animal in word for animal in ANIMALS)
        if 5 <= len(word) <= 12 and word not in known and word not in written and not hides:
            known.add(word)
            words.append(word)
    return tuple(words[:count])
