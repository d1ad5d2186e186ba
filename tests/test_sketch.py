"""Sketches: equal to the published definitions, and as good as these promise."""

from __future__ import annotations

import random

import datasketch
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from originality import sketch

HAN = "".join(map(chr, range(0x4E00, 0x9FA6)))
LETTERS = st.text(st.sampled_from("春夏秋冬新品上市买一送一好喝abc019𠮷"), max_size=80)
ANY_TEXT = st.text(st.characters(), max_size=80)  # half surrogates too


def reference(letters: str) -> datasketch.MinHash:
    """Return datasketch's own MinHash of the same 32-bit shingle hashes."""
    minhash = datasketch.MinHash(num_perm=sketch.NUM_PERM, seed=sketch.SEED, hashfunc=int, scheme=sketch.SCHEME)
    minhash.update_batch(sketch.shingle_hashes(letters, sketch.MINHASH_SHINGLE).tolist())
    return minhash


def random_letters(size: int, seed: int) -> str:
    """Return Chinese letters without rhyme or reason."""
    return "".join(random.Random(seed).choices(HAN, k=size))


@given(st.lists(LETTERS | ANY_TEXT, max_size=6))
def test_signatures_equal_datasketch_bit_for_bit(texts):
    ours = sketch.signatures(texts)
    assert ours.shape == (len(texts), 128)
    for row, text in zip(ours, texts, strict=True):
        assert (row == reference(text).hashvalues).all()


def test_signatures_of_a_large_batch_equal_datasketch():
    texts = [random_letters(i % 150, seed=i) for i in range(400)]
    ours = sketch.signatures(texts)
    assert all((row == reference(text).hashvalues).all() for row, text in zip(ours, texts, strict=True))


def test_signatures_do_not_depend_on_the_batch():
    texts = [random_letters(30, seed=i) for i in range(20)] + ["", "两字"]
    alone = np.concatenate([sketch.signatures([text]) for text in texts])
    assert (sketch.signatures(texts) == alone).all()
    assert (sketch.signatures(texts[::-1]) == alone[::-1]).all()


def test_a_text_without_a_shingle_has_the_signature_of_the_empty_set():
    rows = sketch.signatures(["", "好", "好喝"])
    assert (rows == np.iinfo(np.uint32).max).all()
    assert sketch.signatures([]).shape == (0, 128)


@given(st.text(st.sampled_from(HAN), min_size=8, max_size=30), LETTERS, LETTERS, LETTERS, LETTERS)
def test_any_shared_run_of_eight_letters_shares_a_fingerprint(run, before, after, left, right):
    one, other = sketch.fingerprints(before + run + after), sketch.fingerprints(left + run + right)
    assert np.intersect1d(one, other).size


@given(st.text(st.sampled_from("上下"), min_size=8, max_size=20), LETTERS, LETTERS)
def test_the_guarantee_holds_for_runs_full_of_repetitions(run, before, after):
    assert np.intersect1d(sketch.fingerprints(before + run), sketch.fingerprints(run + after)).size


@given(LETTERS | ANY_TEXT)
def test_fingerprints_are_sorted_distinct_hashes_of_the_text(letters):
    prints = sketch.fingerprints(letters)
    assert (np.diff(prints.astype(np.int64)) > 0).all()
    assert np.isin(prints, sketch.shingle_hashes(letters, sketch.SHINGLE)).all()
    assert (prints.size == 0) == (len(letters) < sketch.SHINGLE)


def test_winnowing_keeps_about_two_fifths_of_the_shingles():
    letters = random_letters(20_000, seed=1)
    assert len(sketch.fingerprints(letters)) / (len(letters) - 4) == pytest.approx(0.4, abs=0.02)


@given(ANY_TEXT, st.integers(1, 6))
def test_equal_shingles_have_equal_hashes_and_different_ones_different(letters, size):
    hashes = sketch.shingle_hashes(letters, size).tolist()
    grams = [letters[i : i + size] for i in range(len(letters) - size + 1)]
    assert len(hashes) == len(grams)
    assert len(set(zip(grams, hashes, strict=True))) == len(set(grams)) == len(set(hashes))


def test_shingle_hashes_of_a_corpus_hardly_collide():
    grams = {random_letters(5, seed=i) for i in range(20_000)}
    hashes = {int(sketch.shingle_hashes(gram, 5)[0]) for gram in grams}
    assert len(grams) - len(hashes) <= 2  # 20,000 values in 32 bits: .05 expected


@pytest.mark.parametrize("true", [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0])
def test_resemblance_estimates_jaccard_within_its_error(true):
    estimates, exact = [], []
    for seed in range(60):
        shared, rest = random_letters(int(400 * true), seed), 400 - int(400 * true)
        one = shared + random_letters(rest // 2, seed + 1000)
        other = shared + random_letters(rest - rest // 2, seed + 2000)
        sets = [set(sketch.shingle_hashes(text, sketch.MINHASH_SHINGLE).tolist()) for text in (one, other)]
        exact.append(len(sets[0] & sets[1]) / len(sets[0] | sets[1]))
        rows = sketch.signatures([one, other])
        estimates.append(sketch.resemblance(rows[0], rows[1:])[0])
    errors = np.array(estimates) - np.array(exact)
    assert np.mean(exact) == pytest.approx(true, abs=0.02)
    deviation = np.sqrt(true * (1 - true) / sketch.NUM_PERM)  # at most .044; doubled and more by no seed
    assert np.abs(errors).max() <= 4 * deviation + 0.015
    assert abs(errors.mean()) <= 4 * deviation / np.sqrt(60) + 0.005


def test_resemblance_of_a_text_with_itself_is_one_and_stays_in_range():
    rows = sketch.signatures([random_letters(50, seed=i) for i in range(5)])
    alike = sketch.resemblance(rows[2], rows)
    assert alike[2] == 1
    assert ((alike >= 0) & (alike <= 1)).all()
    assert sketch.resemblance(rows[0], rows[:0]).shape == (0,)


def test_sign_bits_are_the_lowest_bits_and_their_distance_follows_jaccard():
    rows = sketch.signatures([random_letters(200, seed=1), random_letters(200, seed=2)])
    bits = sketch.sign_bits(rows)
    assert bits.shape == (2, 16)
    assert (np.unpackbits(bits, axis=1) == (rows & 1)).all()
    assert int(np.unpackbits(bits[0] ^ bits[1]).sum()) == pytest.approx(64, abs=24)  # unrelated: half of the bits


def test_a_signature_serves_datasketch_as_one_of_its_own():
    texts = {f"p{i}": random_letters(60, seed=i) for i in range(40)}
    index = datasketch.MinHashLSH(threshold=0.5, num_perm=sketch.NUM_PERM)
    for name, row in zip(texts, sketch.signatures(list(texts.values())), strict=True):
        index.insert(name, sketch.as_minhash(row))
    edited = texts["p7"][:50] + "今天上新啦"
    (row,) = sketch.signatures([edited])
    assert index.query(sketch.as_minhash(row)) == ["p7"]
    assert sketch.as_minhash(row).jaccard(reference(texts["p7"])) == reference(edited).jaccard(reference(texts["p7"]))
    buffer = bytearray(sketch.as_minhash(row).bytesize())
    sketch.as_minhash(row).serialize(buffer)
    assert (datasketch.LeanMinHash.deserialize(buffer).hashvalues == row).all()


def test_many_texts_at_once_give_what_each_gives_alone():
    texts = [
        "",
        "茶",
        "四个字呀",
        "刚好五个字",
        "一共是六个字",
        "重复重复重复重复重复重复重复",
        "",
        "山里的杨梅只红十天" * 9,
        "尾巴",
    ]
    together = sketch.fingerprints_of(texts)
    assert [part.tolist() for part in together] == [winnowed(text) for text in texts]
    assert (sketch.signatures(texts) == np.concatenate([sketch.signatures([text]) for text in texts])).all()
    assert sketch.fingerprints_of([]) == []


def winnowed(letters: str) -> list[int]:
    """Return the fingerprints of a text as the paper says it: the rightmost minimum of each window."""
    hashes = sketch.shingle_hashes(letters, sketch.SHINGLE).tolist()
    if not hashes:
        return []
    windows = [hashes[i : i + sketch.WINDOW] for i in range(max(1, len(hashes) - sketch.WINDOW + 1))]
    return sorted({min(window) for window in windows})
