"""Writes src/test/resources/metric/reference.json: what published implementations say about the metrics.

Needs rouge-score (with nltk), scikit-learn and scipy:

    python trainer/engine/src/test/python/metric_reference.py
"""

import json
import pathlib
import random

import numpy as np
from nltk.stem.porter import PorterStemmer
from rouge_score import rouge_scorer
from scipy import stats
from sklearn import metrics

OUT = pathlib.Path(__file__).resolve().parents[1] / "resources" / "metric" / "reference.json"

WORDS = """caresses ponies ties caress cats feed agreed plastered bled motoring sing conflated troubled sized hopping
tanned falling hissing fizzed failing filing happy sky relational conditional rational valenci hesitanci digitizer
conformabli radicalli differentli vileli analogousli vietnamization predication operator feudalism decisiveness
hopefulness callousness formaliti sensitiviti sensibiliti triplicate formative formalize electriciti electrical hopeful
goodness revival allowance inference airliner gyroscopic adjustable defensible irritant replacement adjustment dependent
adoption homologou communism activate angulariti homologous effective bowdlerize probate rate cease controll roll
skies dying lying tying news inning innings outing outings canning cannings howe proceed exceed succeed flies dies spied
died enjoy cry say by boy sally reality realli hopefulli carefulli geologi analogi apologize theology logi ageed agreed
bed red ed ing king thing things oed using used owing aging eyeing dyed skied yes yearly toying keyed queue oxen ax axed
taxed boxing snowed showing playing fixes generalizations oscillators possibly nobly humbly ably wholly fully dully
rolling controlled tell telling 1234 12ing a1b2s y2ks abilities triplicated electricity uses ease eases eased disease
matting mating meeting meter milling messing misses missed troubling optionally nationally crepuscularly aied tied tie
ally alli rallied really finally totalli""".split()

LETTERS = "aeiouyybcdlstrznmgvfwx"
SUFFIXES = ["", "s", "es", "ies", "ied", "ed", "eed", "ing", "y", "ly", "ational", "tional", "izer", "bli", "alli", "entli",
            "eli", "ousli", "ization", "ation", "ator", "alism", "iveness", "fulness", "ousness", "aliti", "iviti", "biliti",
            "fulli", "logi", "icate", "ative", "alize", "iciti", "ical", "ful", "ness", "al", "ance", "ement", "ment", "ent",
            "sion", "tion", "ou", "ism", "ate", "iti", "ous", "ive", "ize", "e", "ll", "lle", "ling", "tting"]

TEXTS = [
    ("The cat was found under the bed.", "the cat was under the bed"),
    ("police killed the gunman", "police kill the gunman"),
    ("the gunman kill police", "police kill the gunman"),
    ("SELECT name FROM head WHERE born_state = \"Alabama\"", "SELECT head.name FROM head WHERE born_state <> 'Alabama'"),
    ("", "something"),
    ("something", ""),
    ("!!! ???", "..."),
    ("a a a b", "a b b a a c"),
    ("Amanda baked cookies and will bring Jerry some tomorrow.", "Amanda is baking cookies; she brings some to Jerry."),
    ("Caf\u00e9 na\u00efve \u0130stanbul co\u00f6perate 3.14 x-ray", "cafe naive istanbul cooperate 3,14 xray x ray"),
    ("running runs ran runner easily fairly generously", "run running runner ease fair generous"),
    ("line one\nline two\tline three", "line two line one line three"),
    ("The final answer is: 1,234", "#### 1234"),
]


def words():
    random.seed(17)
    made = ["".join(random.choice(LETTERS) for _ in range(random.randint(1, 7))) + random.choice(SUFFIXES) for _ in range(3000)]
    return sorted(set(WORDS + made))


def stems():
    stemmer = PorterStemmer()
    return [[w, stemmer.stem(w)] for w in words()]


def rouge():
    scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=True)
    rows = []
    for prediction, reference in TEXTS:
        scores = scorer.score(reference, prediction)
        rows.append({"prediction": prediction, "reference": reference}
                    | {name.lower(): score.fmeasure for name, score in scores.items()})
    return rows


def classes():
    rows = []
    for seed, n, k in ((1, 40, 2), (2, 200, 2), (3, 60, 3), (4, 300, 6)):
        rng = np.random.default_rng(seed)
        labels = rng.integers(0, k, n)
        guess = np.where(rng.random(n) < 0.6, labels, rng.integers(0, k, n))
        rows.append({
            "labels": labels.tolist(), "predictions": guess.tolist(),
            "accuracy": metrics.accuracy_score(labels, guess),
            "f1": metrics.f1_score(labels, guess, average="binary" if k == 2 else "macro"),
            "matthews": metrics.matthews_corrcoef(labels, guess)})
    return rows


def values():
    rows = []
    for seed, n, digits in ((5, 12, 6), (6, 100, 1), (7, 50, 0)):
        rng = np.random.default_rng(seed)
        wanted = np.round(rng.uniform(0, 5, n), digits)
        guess = np.round(0.5 * wanted + rng.normal(0, 1, n), digits)
        rows.append({"labels": wanted.tolist(), "predictions": guess.tolist(),
                     "pearson": stats.pearsonr(guess, wanted).statistic,
                     "spearman": stats.spearmanr(guess, wanted).statistic})
    return rows


if __name__ == "__main__":
    OUT.parent.mkdir(parents=True, exist_ok=True)
    reference = {"stems": stems(), "rouge": rouge(), "classes": classes(), "values": values()}
    OUT.write_text(json.dumps(reference, ensure_ascii=True, separators=(",", ":")) + "\n", encoding="utf-8")
