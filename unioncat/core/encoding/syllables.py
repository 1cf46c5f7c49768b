"""The build of a Vietnamese syllable, by which right text is told from wrong.

1. A syllable is an initial (or none), a rime of the closed list, and one tone at the most.
2. Before a final c, ch, p or t the tone is sắc or nặng, or was left out.
"""

import re
import unicodedata

INITIALS = "b|c|ch|d|đ|g|gh|h|k|kh|l|m|n|ng|ngh|nh|p|ph|r|s|t|th|tr|v|x"
"""The consonants that a syllable begins with, as alternatives of a regular expression."""

_RIMES = (
    "a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây e ec em en eng eo ep et "
    "ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iê iêc iêm iên iêng iêp iêt iêu o oa oac oach oai oam oan oang "
    "oanh oao oap oat oay oă oăc oăm oăn oăng oăt oc oe oem oen oeo oet oi om on ong oong ooc op ot ô ôc ôi ôm ôn ông ôp ôt "
    "ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc ui um un ung uô uôc uôi uôm uôn uông uôt up ut uy uya uych uyn uynh uyp uyt uyu "
    "uyê uyên uyêt uê uêch uênh uơ ư ưa ưc ưi ưm ưn ưng ưt ưu ươ ươc ươi ươm ươn ương ươp ươt ươu y yê yêm yên yêng yêt yêu"
)
_SYLLABLE = re.compile(
    f"(?:{INITIALS}|gi|qu|q)?(?:{'|'.join(sorted(_RIMES.split(), key=len, reverse=True))})"
)
_TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_STOPPED = ("c", "ch", "p", "t")
_TONES_OF_STOPPED = ("", "\u0301", "\u0323")
_FOLDED = str.maketrans("ðɖˋˊˀˇˑ", "đđ\u0300\u0301\u0309\u0303\u0323")
"""Letters that look like đ in capitals (Ð, Ɖ) and stand for it in old data; the tones of a syllable key."""
_LONGEST = 12
"""No syllable has more letters and combining marks (`nghiêng` with its marks apart)."""
_CACHED = 200_000
_known: dict[str, bool] = {}


def is_vietnamese_syllable(word: str) -> bool:
    """Whether a word has the build of a Vietnamese syllable, in any case and normalisation form, or as a syllable key.

    In a syllable key (`unioncat/core/normalise`) the tone is a letter at the end.
    """
    if len(word) > _LONGEST:
        return False
    found = _known.get(word)
    if found is None:
        if len(_known) >= _CACHED:
            _known.clear()
        found = _known[word] = _is_syllable(word)
    return found


def _is_syllable(word: str) -> bool:
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFC", word).lower().translate(_FOLDED))
    tone = "".join(_TONE.findall(decomposed))
    letters = unicodedata.normalize("NFC", _TONE.sub("", decomposed))
    if letters.endswith(_STOPPED) and tone not in _TONES_OF_STOPPED:
        return False
    return len(tone) <= 1 and _SYLLABLE.fullmatch(letters) is not None
