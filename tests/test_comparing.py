"""Comparisons: against an independent t-test, against chance, and in words."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mtl_tutorial.comparing import Difference, gain, holm, paired_bootstrap, paired_difference

SHARES = st.floats(0, 1).map(lambda share: round(share, 6))
PAIRS = st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=12)

OURS, BASE = [0.80, 0.82, 0.81], [0.70, 0.71, 0.72]


def made(p: float, mean: float = 1.0) -> Difference:
    return Difference(mean, mean - 1, mean + 1, 1.0, 5, p)


# -- over seeds


@given(PAIRS)
def test_the_interval_is_that_of_scipys_paired_t_test(pairs):
    ours, base = np.array(pairs).T
    found = paired_difference(ours, base)
    assert found.mean == pytest.approx(100 * (ours - base).mean(), abs=1e-9)
    assert (found.count, found.over, found.claims) == (len(ours), "seeds", 1)
    if len(ours) == 1 or np.ptp(ours - base) < 1e-9:
        assert math.isnan(found.low) and math.isnan(found.high) and math.isnan(found.p)
        assert found.verdict is None
        return
    test = stats.ttest_rel(ours, base)
    interval = test.confidence_interval(0.95)
    assert found.p == pytest.approx(test.pvalue, abs=1e-9)
    assert (found.low, found.high) == pytest.approx((100 * interval.low, 100 * interval.high))
    assert found.deviation == pytest.approx(100 * (ours - base).std(ddof=1))


@given(PAIRS)
def test_the_verdict_is_whether_zero_lies_in_the_interval(pairs):
    found = paired_difference(*np.array(pairs).T)
    if found.verdict is not None:
        inside = found.low < 0 < found.high
        assert found.verdict == (
            "cannot tell" if inside else "gains" if found.mean > 0 else "loses"
        )


@given(PAIRS)
def test_the_other_way_round_it_is_the_other_way_round(pairs):
    ours, base = np.array(pairs).T
    there, back = paired_difference(ours, base), paired_difference(base, ours)
    assert (back.mean, back.low, back.high) == pytest.approx(
        (-there.mean, -there.high, -there.low), nan_ok=True
    )
    assert {there.verdict, back.verdict} in ({"gains", "loses"}, {"cannot tell"}, {None})


def test_two_seeds_have_an_interval_however_wide():
    found = paired_difference([0.80, 0.70], [0.75, 0.76])
    assert (round(found.low, 1), round(found.high, 1)) == (-70.4, 69.4)
    assert found.verdict == made(0.05).verdict == "cannot tell"
    assert paired_difference([0.800, 0.801], [0.7, 0.7]).verdict == "gains"
    assert paired_difference([0.7011, 0.7012], [0.7, 0.7]).verdict == "gains"  # a tenth of a point
    assert paired_difference([0.6989, 0.6988], [0.7, 0.7]).verdict == "loses"


def test_what_no_chance_is_seen_in_has_no_verdict():
    for ours, base in (([0.9], [0.1]), ([0.8, 0.7, 0.9], [0.7, 0.6, 0.8]), (BASE, BASE)):
        found = paired_difference(ours, base)
        assert found.verdict is None and math.isnan(found.low) and math.isnan(found.p)
    assert math.isnan(paired_difference([0.9], [0.1]).deviation)
    assert paired_difference(BASE, BASE).deviation == 0


@pytest.mark.parametrize("steps", [None, 200], ids=["any score", "of 200 sentences"])
@pytest.mark.parametrize("seeds", [3, 5, 10])
def test_without_an_effect_at_most_one_claim_in_twenty_is_false(seeds, steps):
    rng = np.random.default_rng(seeds)
    scores = rng.normal(0.7, 0.03, (2, 8000, seeds)).clip(0, 1)
    if steps:
        scores = (scores * steps).round() / steps
    verdicts = [paired_difference(*pair).verdict for pair in zip(*scores, strict=True)]
    false = np.mean([verdict in ("gains", "loses") for verdict in verdicts])
    assert 0.04 < false <= 0.055


def test_power_rises_with_seeds_and_is_that_of_the_t_test():
    rng, found = np.random.default_rng(0), []
    for seeds in (3, 5, 10, 20):
        base = rng.normal(0.5, 0.02, (800, seeds))
        ours = base + rng.normal(0.02, 0.02, (800, seeds))  # an effect of one deviation
        verdicts = [paired_difference(*pair).verdict for pair in zip(ours, base, strict=True)]
        found.append(verdicts.count("gains") / 800)
        t = stats.t.ppf(0.975, seeds - 1)
        assert found[-1] == pytest.approx(stats.nct.sf(t, seeds - 1, math.sqrt(seeds)), abs=0.05)
    assert found == sorted(found)
    assert found[0] < 0.3 and found[-1] > 0.95


def test_the_interval_covers_the_true_difference_in_95_of_100():
    rng = np.random.default_rng(0)
    for seeds in (2, 4):
        ours = rng.normal(0.53, 0.02, (2000, seeds))
        found = [paired_difference(row, [0.5] * seeds) for row in ours]
        assert np.mean([one.low < 3 < one.high for one in found]) == pytest.approx(0.95, abs=0.015)


# -- several claims


def test_holm_by_hand():
    before = {"a": made(0.04), "b": made(0.001), "c": made(0.015), "d": made(0.02)}
    after = holm(before)
    assert list(after) == ["a", "b", "c", "d"]
    expected = {"b": 0.004, "c": 0.045, "d": 0.045, "a": 0.045}
    assert {name: after[name].p for name in "abcd"} == pytest.approx(expected)
    assert {one.claims for one in after.values()} == {4}
    # what follows a claim that does not hold does not hold either
    late = holm({"a": made(0.03), "b": made(0.04)})
    assert [late[name].verdict for name in "ab"] == ["cannot tell"] * 2


@given(st.lists(st.floats(1e-9, 1), min_size=1, max_size=8))
def test_holm_is_between_no_correction_and_bonferronis(chances):
    after = holm({str(i): made(p) for i, p in enumerate(chances)})
    for i, p in enumerate(chances):
        assert p <= after[str(i)].p <= min(1, p * len(chances)) + 1e-12
        assert (after[str(i)].low, after[str(i)].high) == (0, 2)
    order = np.argsort(chances, kind="stable")
    corrected = [after[str(i)].p for i in order]
    assert corrected == sorted(corrected)


def test_what_makes_no_claim_is_not_counted():
    one_seed = paired_difference([0.9], [0.1])
    after = holm({"a": made(0.02), "b": one_seed, "c": made(0.02)})
    assert after["b"] is one_seed
    assert after["a"].claims == 2 and after["a"].p == pytest.approx(0.04)
    assert holm({"a": made(0.02)}) == {"a": made(0.02)}
    assert holm({}) == {}


def test_without_an_effect_one_table_in_twenty_claims_something():
    rng, tables = np.random.default_rng(0), 2000
    scores = rng.normal(0.7, 0.03, (2, tables, 4, 5))
    raised, alone = 0, 0
    for table in range(tables):
        rows = {str(t): paired_difference(*scores[:, table, t]) for t in range(4)}
        alone += any(row.verdict != "cannot tell" for row in rows.values())
        raised += any(row.verdict != "cannot tell" for row in holm(rows).values())
    assert alone / tables > 0.15  # what the correction is for
    assert raised / tables <= 0.055


@pytest.mark.parametrize("wrong", [None, [made(0.1)], {"a": 0.1}, {"a": None}, {3: made(0.1)}])
def test_what_is_no_table_of_differences_is_refused(wrong):
    with pytest.raises(TypeError, match=r"^differences"):
        holm(wrong)


def test_nothing_is_corrected_twice():
    once = holm({"a": made(0.02), "b": made(0.02)})
    with pytest.raises(ValueError, match="'a' has been corrected already, over 2 claims"):
        holm(once)


# -- in words


@pytest.mark.parametrize(
    "ours, base, en, zh",
    [
        (OURS, BASE, "gains 10.0 points (95 % interval 7.5 to 12.5, 3 seeds)", "提高 10.0 分（95% 置信区间 7.5 至 12.5，3 个种子）"),
        (BASE, OURS, "loses 10.0 points (95 % interval 7.5 to 12.5, 3 seeds)", "下降 10.0 分（95% 置信区间 7.5 至 12.5，3 个种子）"),
        ([0.9, 0.6, 0.8], [0.7, 0.5, 0.78], "cannot tell: +10.7 points (95 % interval -11.7 to +33.1, 3 seeds)", "无法判断：+10.7 分（95% 置信区间 -11.7 至 +33.1，3 个种子）"),
        ([0.8], [0.75], "+5.0 points with one seed: no interval, no verdict", "只有一个种子：+5.0 分，没有置信区间，不作判断"),
        ([0.8, 0.8], [0.75, 0.75], "+5.0 points with each of 2 seeds: no interval, no verdict", "2 个种子都是 +5.0 分：没有置信区间，不作判断"),
    ],
)  # fmt: skip
def test_a_difference_is_told_in_words(ours, base, en, zh):
    assert paired_difference(ours, base).in_words() == en
    assert paired_difference(ours, base).in_words("zh") == zh


def test_the_words_say_over_how_many_claims_and_over_what():
    twice = holm({"a": made(0.02, 3.0), "b": made(0.2)})
    assert twice["a"].in_words() == (
        "gains 3.0 points (95 % interval 2.0 to 4.0, 5 seeds; Holm's correction over 2 claims)"
    )
    assert twice["a"].in_words("zh") == (
        "提高 3.0 分（95% 置信区间 2.0 至 4.0，5 个种子；2 个结论，经 Holm 校正）"
    )
    answers = paired_bootstrap([1, 0] * 1000, [0, 0] * 1000)
    assert answers.in_words().endswith(", 2,000 sentences)")
    assert answers.in_words("zh").endswith("，2000 个句子）")
    with pytest.raises(ValueError, match="unknown language 'fr'"):
        answers.in_words("fr")


@given(PAIRS)
def test_no_words_deny_a_difference(pairs):
    for language in ("en", "zh"):
        said = paired_difference(*np.array(pairs).T).in_words(language)
        assert "no difference" not in said and "没有差别" not in said and "nan" not in said


# -- what is refused, by either


@pytest.mark.parametrize("compare", [paired_difference, paired_bootstrap])
@pytest.mark.parametrize(
    "wrong",
    [None, "0.8", 0.8, np.float64(0.8), {0: 0.8}, [[0.8, 0.7, 0.6]], [None, 0.8, 0.7],
     ["0.8", "0.7", "0.6"], [0.8, [0.7], 0.6], pd.DataFrame({"a": [0.8, 0.7, 0.6]}), [0.8, 1j, 0.7]],
    ids=repr,
)  # fmt: skip
def test_what_is_no_list_of_scores_is_refused_by_name(compare, wrong):
    with pytest.raises(TypeError, match=r"^ours must be a list of scores"):
        compare(wrong, BASE)
    with pytest.raises(TypeError, match=r"^baselines must be a list of scores"):
        compare(BASE, wrong)


@pytest.mark.parametrize("compare", [paired_difference, paired_bootstrap])
@pytest.mark.parametrize(
    "scores, says",
    [
        ([0.8, float("nan"), 0.7], r"number 1 is nan \(leave it out of both models\)"),
        ([0.8, 0.7, float("inf")], "number 2 is inf"),
        ([80.0, 70.0, 75.0], r"scores from 0 to 1; number 0 is 80.0 \(per cent ÷ 100\)"),
        ([-0.1, 0.1, 0.1], "number 0 is -0.1"),
        ([0.1, 0.1, 1.01], r"number 2 is 1.01 \(per cent ÷ 100\)"),
        ([0.8], r"one score a .* for both models; ours has 1, baselines has 3"),
        ([], "ours has 0, baselines has 3"),
    ],
)
def test_scores_that_cannot_be_compared_are_refused(compare, scores, says):
    with pytest.raises(ValueError, match=says):
        compare(scores, BASE)


@pytest.mark.parametrize(
    ("compare", "unit"), [(paired_difference, "seed"), (paired_bootstrap, "sentence")]
)
def test_nothing_cannot_be_compared(compare, unit):
    with pytest.raises(ValueError, match=f"no {unit} to compare: ours and baselines are empty"):
        compare([], [])


def test_tables_are_paired_by_their_rows():
    ours = pd.Series(OURS, index=[0, 1, 2])
    assert paired_difference(ours, pd.Series(BASE, index=[0, 1, 2])).verdict == "gains"
    assert paired_difference(ours, BASE).verdict == "gains"
    with pytest.raises(ValueError, match=r"same seeds in the same order.*\[0, 1, 2\].*\[2, 1, 0\]"):
        paired_difference(ours, pd.Series(BASE, index=[2, 1, 0]))


# -- over test sentences


def right_answers(rng: np.random.Generator, share: float, n: int = 80) -> np.ndarray:
    return (rng.random(n) < share).astype(float)


def test_equal_models_differ_on_other_sentences_in_one_case_of_twenty():
    rng = np.random.default_rng(0)
    alarms = [
        paired_bootstrap(right_answers(rng, 0.7), right_answers(rng, 0.7), 200, seed).p < 0.05
        for seed in range(400)
    ]
    assert 0.02 < np.mean(alarms) < 0.09  # 0.05 and about three standard errors of 400 draws


def test_a_clear_difference_is_found():
    rng = np.random.default_rng(0)
    found = [
        paired_bootstrap(right_answers(rng, 0.95), right_answers(rng, 0.5), 200, seed).verdict
        for seed in range(20)
    ]
    assert found.count("gains") > 18


def test_the_bootstraps_interval_covers_the_true_difference():
    rng = np.random.default_rng(1)
    covered = []
    for seed in range(300):
        found = paired_bootstrap(right_answers(rng, 0.8), right_answers(rng, 0.7), 200, seed)
        covered.append(found.low <= 10 <= found.high)
    assert 0.9 < np.mean(covered) < 0.99


@given(PAIRS)
def test_the_bootstrap_is_symmetric_and_the_same_for_one_seed(pairs):
    ours, base = np.array(pairs).T
    there, back = paired_bootstrap(ours, base, 100), paired_bootstrap(base, ours, 100)
    assert (back.mean, back.low, back.high) == pytest.approx(
        (-there.mean, -there.high, -there.low), nan_ok=True
    )
    assert math.isnan(there.p) or back.p == there.p <= 1
    assert repr(paired_bootstrap(ours, base, 100)) == repr(there)  # NaN is not equal to itself
    assert (there.count, there.over) == (len(ours), "sentences")
    alike = paired_difference(ours, base).deviation
    assert there.deviation == pytest.approx(alike, nan_ok=True)


def test_a_chance_is_a_share_of_the_draws():
    assert paired_bootstrap([1, 0], [0, 1]).p == 1  # three in four draws say 0 or more, or less
    rng = np.random.default_rng(0)
    drawn = 50 * paired_bootstrap(rng.random(40), rng.random(40), samples=100).p
    assert drawn == pytest.approx(round(drawn)) and drawn > 0


def test_the_bootstraps_interval_leaves_out_one_draw_in_forty_on_either_side():
    """Of two sentences among 30 there is a binomial number in every draw."""
    found = paired_bootstrap([1] * 2 + [0] * 28, [0] * 30, samples=5000)
    low, high = 100 / 30 * stats.binom(30, 2 / 30).ppf([0.025, 0.975])
    assert (found.low, found.high) == pytest.approx((low, high))


def test_the_bootstrap_is_paired_and_sees_its_seed():
    rng = np.random.default_rng(0)
    base = rng.random(100) * 0.9
    ours = base + rng.uniform(0.01, 0.02, 100)  # always a little better
    assert paired_bootstrap(ours, base).p == 0
    assert paired_bootstrap(ours, base[rng.permutation(100)]).p > 0.05
    other = rng.random(100)
    assert paired_bootstrap(ours, other, seed=1) != paired_bootstrap(ours, other, seed=2)


def test_its_p_is_that_of_a_two_sided_test():
    rng = np.random.default_rng(0)
    for shift in (0.0, 0.005, 0.01, 0.015):
        ours = rng.normal(0.5 + shift, 0.1, 400)
        z = abs(ours.mean() - 0.5) / (ours.std(ddof=1) / 20)
        p = paired_bootstrap(ours, np.full(400, 0.5)).p
        assert p == pytest.approx(math.erfc(z / math.sqrt(2)), abs=0.05)


def test_one_sentence_or_all_alike_say_nothing():
    for ours, base in (([1], [0]), ([1] * 9, [1] * 9), ([1] * 9, [0] * 9)):
        found = paired_bootstrap(ours, base)
        assert found.verdict is None and math.isnan(found.low) and math.isnan(found.p)


@pytest.mark.parametrize(
    "options, error, says",
    [
        ({"samples": 0}, ValueError, "samples must be at least 100, not 0"),
        ({"samples": "9"}, TypeError, "samples must be a whole number"),
        ({"seed": None}, TypeError, "seed must be a whole number, not None"),
        ({"seed": -1}, ValueError, "seed must be at least 0"),
    ],
)
def test_draws_are_counted_in_whole_numbers(options, error, says):
    with pytest.raises(error, match=says):
        paired_bootstrap(OURS, BASE, **options)


# -- gain


def test_the_gain_by_hand():
    table = gain({"a": 0.9, "b": 0.5, "c": 1.0}, {"b": 0.6, "a": 0.8, "c": 1.0})
    assert table["points"].to_dict() == pytest.approx({"a": 10, "b": -10, "c": 0})
    assert table.loc["a", "error_cut"] == pytest.approx(0.5)
    assert table.loc["b", "error_cut"] == pytest.approx(-0.25)
    assert math.isnan(table.loc["c", "error_cut"])
    assert table.attrs["delta"] == pytest.approx(100 / 3 * (0.1 / 0.8 - 0.1 / 0.6))


def test_gain_takes_what_a_run_gives_and_leaves_out_baselines_of_zero():
    scores, baselines = pd.Series({"a": 0.9, "b": 0.2}), pd.Series({"b": 0.0, "a": 0.8})
    table = gain(scores, baselines)
    assert table["points"].to_dict() == pytest.approx({"a": 10, "b": 20})
    assert table.attrs["delta"] == pytest.approx(12.5)


def test_a_baseline_without_an_error_has_none_that_could_be_cut():
    assert math.isnan(gain({"ner": 0.9}, {"ner": 1.0}).loc["ner", "error_cut"])


def test_gain_refuses_scores_of_other_tasks():
    with pytest.raises(ValueError, match=r"\['a'\].*\['a', 'b'\]"):
        gain({"a": 1.0}, {"a": 1.0, "b": 1.0})


@pytest.mark.parametrize(
    "error, scores, says",
    [
        (ValueError, {"a": 90, "b": 0.5}, r"^scores\['a'\] must be from 0 to 1, not 90"),
        (ValueError, {"a": -0.1, "b": 0.5}, r"^scores\['a'\] must be from 0 to 1, not -0.1"),
        (ValueError, {"a": math.nan, "b": 0.5}, r"^scores\['a'\] must be a finite number, not nan"),
        (TypeError, {"a": "0.9", "b": 0.5}, r"^scores\['a'\] must be a number, not '0.9'"),
        (TypeError, {"a": None, "b": 0.5}, r"^scores\['a'\] must be a number, not None"),
        (TypeError, {"a": [0.9], "b": 0.5}, r"^scores\['a'\] must be a number"),
        (TypeError, {3: 0.9}, r"^scores must be a dictionary task → score; its key 3"),
        (TypeError, [0.9, 0.5], r"^scores must be a dictionary task → score, not \[0.9, 0.5\]"),
        (TypeError, 0.9, r"^scores must be a dictionary"),
        (TypeError, None, r"^scores must be a dictionary"),
        (TypeError, "a", r"^scores must be a dictionary"),
        (TypeError, pd.DataFrame({"a": [0.9]}), r"^scores must be a dictionary"),
    ],
    ids=repr,
)
def test_gain_refuses_what_are_no_scores(error, scores, says):
    base = {"a": 0.8, "b": 0.5}
    with pytest.raises(error, match=says):
        gain(scores, base)
    with pytest.raises(error, match=says.replace("scores", "baselines")):
        gain(base, scores)


def test_there_is_no_gain_of_nothing():
    with pytest.raises(ValueError, match="no task to compare"):
        gain({}, {})
