"""Makes src/test/resources/tokenizers: a small tokenizer of every kind that models come with, and what transformers makes of a page of
texts by it, for TokenizerKindsTest.

    python tokenizer_kinds.py ../resources/tokenizers [KIND...]     # transformers 5.24, tokenizers 0.23, sentencepiece 0.2.3

The tokenizers are trained on the sentences below; training is the same every time.
"""

import io
import json
import sys
import tempfile
import unicodedata
from pathlib import Path

import sentencepiece

from tokenizers import (AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers)
from transformers import PreTrainedTokenizerFast

CORPUS = ["The quick brown fox jumps over the lazy dog, and the dog sleeps.", "Say hello to the world: hello world! Hello, hello.",
          "Ein kurzer Satz über Füße und Größe; noch ein Satz über das Wetter.", "Le café est très bon, n'est-ce pas? L'été arrive.",
          "def add(a, b):\n    return a + b\n\n\nprint(add(1, 22))", "12345 67890 3.14 100,000 2024-07-26", "don't can't won't it's we're",
          "你好，世界。我们学习语言。", "こんにちは世界", "Привет, мир! Как дела?", "😀 😀 🎉 smile", "tabs\tand\tmore\ttabs  double  spaces"] * 3

TEXTS = ["", " ", "Hello world", "hello, World! don't", " leading and trailing ", "two  spaces   three    four", "\n\n\ttab\r\nline\n", "café cafe\u0301 Ünïcödé",
         "你好世界 mixed 漢字かな交じり", "😀👩‍👩‍👧‍👦🏳️‍🌈 emoji", "\u0000\u0001\u0007\u001f control \u200b\u200d\ufeff\u00ad", "\u00a0nbsp\u2003em\u3000wide", "a" * 60,
         "1234567 3.14159 1,000,000", "<s>special</s> inside [CLS] text [SEP] <|end|> <|user|>hi", "▁under ▁score _ __", "\ufffd replacement \U0001f9ff \U00010348",
         "ﬁ ﬂ ① Ⅷ ™ ½", "مرحبا بالعالم שלום", "नमस्ते दुनिया", "return a + b\n        return  c", "It's 5 o'clock; we're \"here\" (ok) [x] {y}", "<0x41> <unk> <mask>x"]

MAPPED = ["Ｈｅｌｌｏ， ｗｏｒｌｄ！ １２３", "ﬃ ﬀ ⑳ Ⅻ ﷺ", "cafe\u0301 u\u0308ber a\u0300 E\u0301te\u0301", "ｶﾞｷﾞｸﾞ ｶｷｸ", "so\u00adft hy\u200bphen\ufeff", "e\u0301\u0308 x\u0301 ﬁ\u0301"]


def special(*names, **flags):
    return [AddedToken(name, special=True, normalized=False, **flags) for name in names]


def template(tokenizer, single, pair, *names):
    tokenizer.post_processor = processors.TemplateProcessing(
        single=single, pair=pair, special_tokens=[(name, tokenizer.token_to_id(name)) for name in names])


def wordpiece():
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer(lowercase=True)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.decoder = decoders.WordPiece(prefix="##")
    t.train_from_iterator(CORPUS, trainers.WordPieceTrainer(vocab_size=220, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False))
    template(t, "[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", "[CLS]", "[SEP]")
    return t


def byte_level(size=340, names=("<|end|>",)):
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    t.decoder = decoders.ByteLevel()
    t.train_from_iterator(CORPUS, trainers.BpeTrainer(vocab_size=size, special_tokens=list(names), show_progress=False,
                                                      initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    return t


def gpt2():
    t = byte_level()
    t.post_processor = processors.ByteLevel(trim_offsets=False)
    return t


SPLIT = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def split_bytes(names, digits):
    t = Tokenizer(models.BPE(ignore_merges=digits == 3))
    regex = SPLIT if digits == 3 else SPLIT.replace(r"\p{N}{1,3}", r"\p{N}")
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(regex), "isolated"),
                                               pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    t.decoder = decoders.ByteLevel()
    t.train_from_iterator(CORPUS, trainers.BpeTrainer(vocab_size=330, special_tokens=[], show_progress=False,
                                                      initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    t.add_special_tokens(special(*names))
    return t


def llama3():
    t = split_bytes(["<s>", "<|end|>", "<|user|>"], 3)
    t.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", t.token_to_id("<s>"))])])
    return t


def qwen2():
    t = split_bytes(["<|end|>", "<|user|>"], 1)
    t.normalizer = normalizers.NFC()
    t.add_tokens([AddedToken("<think>", special=False, normalized=False)])
    t.post_processor = processors.ByteLevel(trim_offsets=False)
    return t


def neox():
    t = byte_level(names=("<|end|>", "<|padding|>"))
    t.add_tokens([AddedToken(" " * n, special=False, normalized=True) for n in (4, 3, 2)])
    t.post_processor = processors.ByteLevel(trim_offsets=True)
    return t


def modernbert():
    t = byte_level(names=())
    t.normalizer = normalizers.NFC()
    t.add_special_tokens(special("[CLS]", "[SEP]", "[PAD]", "[UNK]"))
    t.add_special_tokens(special("<mask>", lstrip=True))
    template(t, "[CLS] $A [SEP]", "[CLS] $A [SEP] $B [SEP]", "[CLS]", "[SEP]")
    return t


def roberta():
    t = byte_level(names=("<s>", "<pad>", "</s>", "<unk>"))
    t.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False)
    return t


def pieces(t, split):
    bytes_ = [f"<0x{b:02X}>" for b in range(256)]
    t.train_from_iterator(CORPUS, trainers.BpeTrainer(vocab_size=480, show_progress=False, special_tokens=["<unk>", "<s>", "</s>"] + bytes_, limit_alphabet=120))
    model = json.loads(t.to_str())
    model["added_tokens"] = [a for a in model["added_tokens"] if not a["content"].startswith("<0x")]
    model["model"]["byte_fallback"], model["model"]["unk_token"], model["model"]["fuse_unk"] = True, "<unk>", True
    t = Tokenizer.from_str(json.dumps(model))
    steps = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    t.decoder = decoders.Sequence(steps + ([decoders.Strip(" ", 1, 0)] if split else []))
    return t


def llama2():
    t = Tokenizer(models.BPE())
    t.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    t = pieces(t, True)
    template(t, "<s> $A", "<s> $A <s>:1 $B:1", "<s>")
    return t


def mistral():
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="first", split=False)
    t = pieces(t, True)
    template(t, "<s> $A", "<s> $A <s>:1 $B:1", "<s>")
    return t


def gemma():
    t = Tokenizer(models.BPE())
    t.normalizer = normalizers.Replace(" ", "▁")
    t.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    t = pieces(t, False)
    template(t, "<s> $A", "<s> $A <s>:1 $B:1", "<s>")
    return t


def unigram(names, unk, normalizer, scheme):
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizer
    t.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme=scheme)
    t.decoder = decoders.Metaspace(replacement="▁", prepend_scheme=scheme)
    t.train_from_iterator(CORPUS, trainers.UnigramTrainer(vocab_size=260, special_tokens=list(names), unk_token=unk, show_progress=False))
    return t


def xlm_roberta():
    t = unigram(("<s>", "<pad>", "</s>", "<unk>", "<mask>"), "<unk>", normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]), "always")
    template(t, "<s> $A </s>", "<s> $A </s> </s> $B </s>", "<s>", "</s>")
    return t


def deberta_v3():
    t = unigram(("[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"), "[UNK]", normalizers.Sequence([normalizers.Strip(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]), "always")
    template(t, "[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", "[CLS]", "[SEP]")
    return t


def rules():
    """A few of the rules that SentencePiece compiles for XLM-RoBERTa: each from some characters to some, or to none."""
    for code in [*range(0xFF01, 0xFF5F), *range(0xFB00, 0xFB07), *range(0x2460, 0x2474), *range(0x2160, 0x216C), 0xBD, 0x2122, 0xFDFA]:
        yield chr(code), unicodedata.normalize("NFKC", chr(code))
    for letter in "aeiouyAEIOU":
        for mark in "\u0300\u0301\u0308":
            composed = unicodedata.normalize("NFC", letter + mark)
            if len(composed) == 1:
                yield letter + mark, composed
    for kana in "\uff76\uff77\uff78":
        yield kana + "\uff9e", unicodedata.normalize("NFKC", kana + "\uff9e")
        yield kana, unicodedata.normalize("NFKC", kana)
    for space in "\t\n\r\u00a0\u2003\u3000":
        yield space, " "
    for nothing in "\u0001\u0007\u001f\u00ad\u200b\ufeff":
        yield nothing, ""


def compiled():
    """These rules as SentencePiece writes them into a model: field 2 of the normalizer's description, which is field 3."""
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as table:
        table.write("".join("%s\t%s\n" % tuple(" ".join("%X" % ord(c) for c in side) for side in rule) for rule in rules()))
        table.flush()
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(CORPUS), model_writer=model, vocab_size=200, hard_vocab_limit=False,
                                                 normalization_rule_tsv=table.name, minloglevel=2)
    return fields(fields(model.getvalue())[3])[2]


def fields(message):
    """The last value of each field of a protocol buffer."""
    at, found = 0, {}

    def number():
        nonlocal at
        value = shift = 0
        while True:
            byte, at = message[at], at + 1
            value, shift = value | (byte & 127) << shift, shift + 7
            if byte < 128:
                return value

    while at < len(message):
        key = number()
        size = {0: 0, 1: 8, 5: 4}.get(key & 7)
        if size == 0:
            found[key >> 3] = number()
            continue
        size = number() if size is None else size
        found[key >> 3], at = message[at:at + size], at + size
    return found


def xlm_roberta_precompiled():
    t = unigram(("<s>", "<pad>", "</s>", "<unk>", "<mask>"), "<unk>", normalizers.Precompiled(compiled()), "always")
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")])
    template(t, "<s> $A </s>", "<s> $A </s> </s> $B </s>", "<s>", "</s>")
    return t


def deberta_v3_precompiled():
    cleaning = normalizers.Sequence([normalizers.Strip(), normalizers.Precompiled(compiled()), normalizers.Replace(Regex(" {2,}"), " ")])
    t = unigram(("[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"), "[UNK]", cleaning, "always")
    template(t, "[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", "[CLS]", "[SEP]")
    return t


KINDS = [wordpiece, gpt2, roberta, llama3, qwen2, neox, modernbert, llama2, mistral, gemma, xlm_roberta, deberta_v3, xlm_roberta_precompiled, deberta_v3_precompiled]


def reading(tokenizer, text):
    ids = tokenizer(text)["input_ids"]
    bare = tokenizer(text, add_special_tokens=False)["input_ids"]
    return {"text": text, "ids": ids, "bare": bare,
            "pair": tokenizer(text, "and this")["input_ids"], "cut": tokenizer(text, truncation=True, max_length=8)["input_ids"],
            "decoded": tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False),
            "all": tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False),
            "first": tokenizer.decode(bare[:3], clean_up_tokenization_spaces=False)}


if __name__ == "__main__":
    out = Path(sys.argv[1])
    for kind in [kind for kind in KINDS if kind.__name__ in (sys.argv[2:] or [kind.__name__])]:
        folder = out / kind.__name__.replace("_", "-")
        folder.mkdir(parents=True, exist_ok=True)
        made = kind()
        if kind in (gpt2, xlm_roberta):  # what a training run left in the file must not reach us
            made.enable_truncation(5)
            made.enable_padding(length=12)
        made.save(str(folder / "tokenizer.json"), pretty=False)
        made.no_truncation(), made.no_padding()
        plain = PreTrainedTokenizerFast(tokenizer_object=made)
        (folder / "readings.json").write_text(json.dumps([reading(plain, text) for text in TEXTS + MAPPED * kind.__name__.endswith("precompiled")], ensure_ascii=True, separators=(",", ":")).replace('{"text"', '\n{"text"') + "\n")
