"""Random inputs and what SciPy and statsmodels say of them.

Every function draws one input and returns it with the answers, as one case of the fixture. Where the libraries have no
function, the answer is taken from the definition, by another way than the code under test.
"""

import itertools
import math
import warnings
from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from scipy import integrate, optimize, stats
from scipy.spatial import distance
from statsmodels.stats import multitest, power, proportion, weightstats
from statsmodels.stats.contingency_tables import Table2x2
from statsmodels.stats.inter_rater import cohens_kappa

Case = dict[str, object]


def rounded(values: np.ndarray) -> list:
    """Give inputs few digits, so that the fixture stays small; the answers are those of the rounded ones."""
    return np.round(values, 4).tolist()


def sample(rng: Generator, size: int) -> list[float]:
    """Draw from a normal, a heavy-tailed or a skewed distribution, with some place and scale."""
    kind = rng.integers(3)
    values = [rng.normal(size=size), rng.standard_t(3, size), rng.exponential(size=size)][kind]
    return rounded(rng.normal(0, 1) + values * rng.uniform(0.2, 3))


def normal(rng: Generator) -> Case:
    """Tail and quantile of the normal distribution."""
    z = round(rng.uniform(-8, 30), 3)
    tail = float(10 ** rng.uniform(-200, -0.01))
    return {"z": z, "tail": float(stats.norm.sf(z)), "share": tail, "quantile": float(stats.norm.isf(tail))}


def student(rng: Generator) -> Case:
    """Tail and quantile of Student's distribution."""
    degrees, t = round(float(10 ** rng.uniform(0, 3)), 3), round(rng.normal(0, 4), 4)
    tail = round(float(10 ** rng.uniform(-5, math.log10(0.49))), 9)
    return {
        "degrees": degrees, "t": t, "logTail": float(stats.t.logsf(t, degrees)),
        "share": tail, "quantile": float(stats.t.isf(tail, degrees)),
    }  # fmt: skip


def by_t(rng: Generator) -> Case:
    """Paired t-test and Welch's t-test, with intervals of a random confidence."""
    first = sample(rng, rng.integers(3, 15))
    second, other = sample(rng, len(first)), sample(rng, rng.integers(2, 20))
    confidence = round(rng.uniform(0.5, 0.999), 3)
    case: Case = {"first": first, "second": second, "other": other, "confidence": confidence}
    for name, result in [
        ("paired", stats.ttest_rel(first, second)),
        ("welch", stats.ttest_ind(first, other, equal_var=False)),
    ]:
        interval = result.confidence_interval(confidence)
        case[name] = {
            "t": float(result.statistic), "degrees": float(result.df), "p": float(result.pvalue),
            "low": float(interval.low), "high": float(interval.high),
        }  # fmt: skip
    return case


def fieller(rng: Generator) -> Case:
    """Fieller's interval as the set of ratios that a paired t-test does not reject, found by looking for its ends."""
    size = rng.integers(3, 14)
    whole = rng.normal(4.5, rng.choice([0.5, 1.5, 4]), size)
    numerators = rounded(whole * rng.uniform(-0.2, 1) + rng.normal(0, rng.uniform(0.1, 1.5), size))
    denominators = rounded(whole)
    case: Case = {"numerators": numerators, "denominators": denominators}
    if stats.ttest_1samp(denominators, 0).pvalue >= 0.05:
        return {**case, "ratio": None}
    above, below = np.array(numerators), np.array(denominators)
    ratio = above.mean() / below.mean()

    def excess(rho: float) -> float:
        difference = above - rho * below
        t = difference.mean() / (difference.std(ddof=1) / math.sqrt(size))
        return abs(t) - stats.t.isf(0.025, size - 1)

    def end(direction: int) -> float:
        step = 1.0
        while excess(ratio + direction * step) < 0:
            step *= 2
        return float(optimize.brentq(excess, ratio, ratio + direction * step, xtol=1e-13, rtol=1e-14))

    return {**case, "ratio": {"value": float(ratio), "low": end(-1), "high": end(1)}}


def bootstrap(rng: Generator) -> Case:
    """SciPy's BCa interval of a ratio of means or a median of pairs, with the resampled values that it drew."""
    size = rng.integers(5, 13)
    x, y = np.array(sample(rng, size)), np.array(rounded(rng.normal(6, 1, size)))
    statistic = [
        lambda x, y: float(np.mean(x) / np.mean(y)),
        lambda x, y: float(np.mean(x * y)),
        lambda x, y: float(np.var(x - y)),
    ][rng.integers(3)]
    confidence = [0.9, 0.95][rng.integers(2)]
    result = stats.bootstrap(
        (x, y),
        statistic,
        n_resamples=149,
        paired=True,
        vectorized=False,
        confidence_level=confidence,
        method="BCa",
        rng=rng,
    )
    left_out = [statistic(np.delete(x, place), np.delete(y, place)) for place in range(size)]
    return {
        "observed": statistic(x, y), "resampled": result.bootstrap_distribution.tolist(), "jackknife": left_out,
        "confidence": confidence, "low": float(result.confidence_interval.low),
        "high": float(result.confidence_interval.high),
    }  # fmt: skip


def permutation(rng: Generator) -> Case:
    """Exact sign-flip test and exact two-sample test of means."""
    first = sample(rng, rng.integers(3, 10))
    second, other = sample(rng, len(first)), sample(rng, rng.integers(2, 6))
    if rng.random() < 0.3:
        # Ties: small whole numbers.
        first, second, other = ([float(round(value)) for value in values] for values in (first, second, other))
    signs = stats.permutation_test(
        (first, second), lambda x, y, axis: abs(np.mean(x - y, axis=axis)), permutation_type="samples",
        vectorized=True, n_resamples=np.inf, alternative="greater",
    )  # fmt: skip
    means = stats.permutation_test(
        (first, other), lambda x, y, axis: abs(np.mean(x, axis=axis) - np.mean(y, axis=axis)),
        permutation_type="independent", vectorized=True, n_resamples=np.inf, alternative="greater",
    )  # fmt: skip
    return {
        "first": first, "second": second, "other": other,
        "signFlip": float(signs.pvalue), "means": float(means.pvalue),
    }  # fmt: skip


def max_t(rng: Generator) -> Case:
    """Step-down max-T over all divisions, each with SciPy's Welch t: Westfall & Young's algorithm 4.1 to the letter."""
    groups, others, candidates = rng.integers(2, 6), rng.integers(2, 6), rng.integers(1, 5)
    common = rng.normal(size=(groups + others, 1))
    table = np.round(common * rng.uniform(0, 1) + rng.normal(size=(groups + others, candidates)), 4)
    table[:groups, 0] += rng.choice([0, 3])
    everything = range(groups + others)
    ts = []
    for chosen in itertools.combinations(everything, groups):
        rest = [row for row in everything if row not in chosen]
        ts.append(np.atleast_1d(stats.ttest_ind(table[list(chosen)], table[rest], equal_var=False).statistic))
    ts = np.array(ts)
    observed = ts[0]
    order = np.argsort(-observed)
    adjusted, least = np.empty(candidates), 0.0
    for rank, place in enumerate(order):
        most = ts[:, order[rank:]].max(axis=1)
        least = max(least, float(np.mean(most >= observed[place] - 1e-9)))
        adjusted[place] = least
    return {
        "drop": table[:groups].tolist(), "control": table[groups:].tolist(), "t": observed.tolist(),
        "p": np.mean(ts >= observed - 1e-9, axis=0).tolist(), "adjusted": adjusted.tolist(),
    }  # fmt: skip


def equivalence(rng: Generator) -> Case:
    """Two one-sided t-tests and their interval."""
    differences = rounded(rng.normal(rng.normal(0, 0.3), rng.uniform(0.1, 1), rng.integers(3, 15)))
    bound = round(rng.uniform(0.1, 1.5), 3)
    described = weightstats.DescrStatsW(differences)
    low, high = described.tconfint_mean(0.1)
    return {
        "differences": differences, "bound": bound, "p": float(described.ttost_mean(-bound, bound)[0]),
        "low": float(low), "high": float(high),
    }  # fmt: skip


def correction(rng: Generator) -> Case:
    """Holm and Benjamini-Hochberg, with ties now and then."""
    p_values = rounded(rng.uniform(size=rng.integers(1, 12)) ** rng.choice([1, 4]))
    if rng.random() < 0.3:
        p_values = [round(p, 1) for p in p_values]
    return {
        "p": p_values, "holm": multitest.multipletests(p_values, method="holm")[1].tolist(),
        "benjaminiHochberg": multitest.multipletests(p_values, method="fdr_bh")[1].tolist(),
    }  # fmt: skip


def power_by_statsmodels(effect: float, runs: int, significance: float) -> float:
    """Power of the two-sided t-test, without the far tail where SciPy's noncentral t has no number for it."""
    value = float(power.TTestPower().power(effect, runs, significance))
    if math.isnan(value):
        t = stats.t.isf(significance / 2, runs - 1)
        value = float(stats.nct.sf(t, runs - 1, effect * math.sqrt(runs)))
    return value


def power_of_t(rng: Generator) -> Case:
    """Power of the paired t-test, runs needed, detectable effect."""
    effect, deviation = round(rng.uniform(0.2, 3), 3), round(rng.uniform(0.3, 3), 3)
    runs, significance = int(rng.integers(3, 60)), float(rng.choice([0.001, 0.01, 0.05, 0.1]))
    wanted = round(rng.uniform(0.5, 0.95), 3)
    needed = next(n for n in itertools.count(2) if power_by_statsmodels(effect / deviation, n, significance) >= wanted)
    detectable = optimize.brentq(
        lambda d: power_by_statsmodels(d, runs, significance) - wanted, 1e-6, 100, xtol=1e-13, rtol=1e-13
    )
    return {
        "effect": effect, "deviation": deviation, "runs": runs, "significance": significance, "wanted": wanted,
        "power": power_by_statsmodels(effect / deviation, runs, significance), "needed": needed,
        "detectable": float(detectable) * deviation,
    }  # fmt: skip


def power_of_equivalence(rng: Generator) -> Case:
    """Power of the two one-sided t-tests, as an integral over the sample's variance by SciPy's adaptive quadrature."""
    bound, deviation = round(rng.uniform(0.2, 1.5), 3), round(rng.uniform(0.2, 1.5), 3)
    difference = round(rng.uniform(-0.9, 0.9) * bound, 3)
    runs, significance = int(rng.integers(3, 60)), float(rng.choice([0.01, 0.05]))
    error, t = deviation / math.sqrt(runs), stats.t.isf(significance, runs - 1)

    def chance(variance: float) -> float:
        half = t * math.sqrt(variance / (runs - 1))
        low, high = (-bound - difference) / error + half, (bound - difference) / error - half
        return max(0.0, stats.norm.cdf(high) - stats.norm.cdf(low)) * stats.chi2.pdf(variance, runs - 1)

    end = (runs - 1) * (bound / error / t) ** 2
    # Pieces, since the integrand can be a narrow peak.
    edges = np.concatenate(([0], np.minimum(end, stats.chi2.isf([0.999, 0.9, 0.5, 0.1, 1e-3, 1e-8, 1e-16], runs - 1))))
    pieces = [
        integrate.quad(chance, a, b, epsabs=1e-13, epsrel=1e-11, limit=200)[0]
        for a, b in itertools.pairwise(edges)
        if a < b
    ]
    return {
        "bound": bound, "deviation": deviation, "difference": difference, "runs": runs, "significance": significance,
        "power": sum(pieces),
    }  # fmt: skip


def counts(rng: Generator) -> Case:
    """Wilson's interval of a proportion, and Woolf's of a log-odds ratio with one half in all cells."""
    trials, others = (int(value) for value in rng.integers(1, 300, 2))
    hits, other_hits = (int(rng.binomial(n, rng.choice([0.0, 0.03, 0.5, rng.random()]))) for n in (trials, others))
    table = Table2x2(np.array([[hits, trials - hits], [other_hits, others - other_hits]]) + 0.5)
    wilson = proportion.proportion_confint(hits, trials, method="wilson")
    interval = table.log_oddsratio_confint(0.05)
    return {
        "hits": hits, "trials": trials, "otherHits": other_hits, "otherTrials": others,
        "wilson": [float(end) for end in wilson], "logOddsRatio": float(table.log_oddsratio),
        "low": float(interval[0]), "high": float(interval[1]),
    }  # fmt: skip


def combined(rng: Generator) -> Case:
    """Chi-squared tail, Fisher's combined p-value, and Spearman's correlation of permutations."""
    p_values = rounded(rng.uniform(0.0005, 1, rng.integers(1, 9)))
    degrees, x = round(float(10 ** rng.uniform(0, 2.5)), 3), round(float(10 ** rng.uniform(-2, 2.7)), 4)
    order = rng.permutation(rng.integers(9, 25))
    spearman = stats.spearmanr(np.arange(len(order)), order, alternative="greater")
    return {
        "p": p_values, "fisher": float(stats.combine_pvalues(p_values, "fisher").pvalue),
        "degrees": degrees, "x": x, "logTail": float(stats.chi2.logsf(x, degrees)),
        "order": order.tolist(), "rho": float(spearman.statistic), "spearman": float(spearman.pvalue),
    }  # fmt: skip


def agreement(rng: Generator) -> Case:
    """Cohen's kappa by statsmodels; Gwet's AC1 with the error that the delta method gives, by differences."""
    classes = int(rng.choice([2, 2, 3]))
    shares = rng.dirichlet(np.full(classes**2, 0.7)).reshape(classes, classes) * 0.6 + np.eye(classes) * 0.4 / classes
    table = rng.multinomial(rng.integers(20, 400), shares.ravel()).reshape(classes, classes)
    table[0, 1] += 1
    table[1, 0] += 1
    kappa = cohens_kappa(table)

    def ac1(shares: np.ndarray) -> float:
        shares = shares / shares.sum()
        habits = (shares.sum(0) + shares.sum(1)) / 2
        expected = (habits * (1 - habits)).sum() / (classes - 1)
        return float((np.trace(shares) - expected) / (1 - expected))

    shares, step = table / table.sum(), 1e-5
    slopes = np.zeros_like(shares)
    for place in np.ndindex(shares.shape):
        ends = []
        for move in (-2, -1, 1, 2):
            moved = shares.copy()
            moved[place] += move * step
            ends.append(ac1(moved))
        slopes[place] = (ends[0] - 8 * ends[1] + 8 * ends[2] - ends[3]) / (12 * step)
    variance = (shares * slopes**2).sum() - (shares * slopes).sum() ** 2
    return {
        "table": table.tolist(), "kappa": float(kappa.kappa), "error": float(kappa.std_kappa),
        "low": float(kappa.kappa_low), "high": float(kappa.kappa_upp), "ac1": ac1(shares),
        "ac1Error": math.sqrt(variance / table.sum()),
    }  # fmt: skip


def ranking(rng: Generator) -> Case:
    """AUROC as SciPy's Mann-Whitney U; DeLong's error from the definition, over all pairs; the sign test."""
    ties = rng.random() < 0.6
    positives, negatives = (
        rng.normal(1, 1, rng.integers(3, 30)),
        rng.normal(0, rng.uniform(0.5, 2), rng.integers(3, 30)),
    )
    digits = 0 if ties else 4
    positives, negatives = np.round(positives, digits) + 0.0, np.round(negatives, digits) + 0.0
    positives[0], negatives[0] = 0.0, 0.5
    area = stats.mannwhitneyu(positives, negatives).statistic / len(positives) / len(negatives)
    wins = (positives[:, None] > negatives) + 0.5 * (positives[:, None] == negatives)
    variance = wins.mean(1).var(ddof=1) / len(positives) + wins.mean(0).var(ddof=1) / len(negatives)
    won, lost = (int(value) for value in rng.integers(0, 60, 2))
    return {
        "positives": positives.tolist(), "negatives": negatives.tolist(), "area": float(area),
        "error": math.sqrt(variance), "won": won, "lost": lost,
        "signTest": float(stats.binomtest(won, won + lost).pvalue) if won + lost else 1.0,
    }  # fmt: skip


def categories(rng: Generator) -> Case:
    """Two rows of counts, some of them 0, some rare: SciPy's tests of the table that the rule of pooling leaves."""
    width = int(rng.integers(1, 12))
    shares = rng.dirichlet(np.full(width, rng.choice([0.2, 1.0, 5.0])))
    others = shares if rng.random() < 0.5 else rng.dirichlet(np.full(width, 1.0))
    first = rng.multinomial(rng.choice([1, 7, 60, 5_000, 2_000_000]), shares)
    second = rng.multinomial(rng.choice([1, 9, 80, 3_000, 1_000_000]), others)
    table = np.array([first, second])
    seen = table[:, table.sum(0) > 0]
    case: Case = {"first": first.tolist(), "second": second.tolist(), "psi": None, "jensenShannon": None}
    if seen.shape[1] > 1:
        p, q = ((row + 0.5) / (row + 0.5).sum() for row in seen)
        case["psi"] = float(stats.entropy(p, q) + stats.entropy(q, p))
        case["jensenShannon"] = float(distance.jensenshannon(*seen, base=2))
    for name, least in [("whole", 0.0), ("pooled", 5.0)]:
        compared = pooled_columns(seen, least)
        case[name] = None
        if compared.shape[1] > 1:
            pearson = stats.chi2_contingency(compared, correction=False)
            ratio = stats.chi2_contingency(compared, correction=False, lambda_="log-likelihood")
            case[name] = {
                "pearson": float(pearson.statistic), "degrees": int(pearson.dof), "pearsonP": float(pearson.pvalue),
                "ratio": float(ratio.statistic), "ratioP": float(ratio.pvalue),
                "effect": float(stats.contingency.association(compared, method="cramer")),
            }  # fmt: skip
    return case


def pooled_columns(table: np.ndarray, least: float) -> np.ndarray:
    """Put columns with too small an expected count into one, with the rarest other one if that is still too small."""
    expected = stats.contingency.expected_freq(table).min(0)
    large, rare = table[:, expected >= least], table[:, expected < least]
    if rare.shape[1] == 0:
        return table
    rest = rare.sum(1)
    if large.shape[1] and rest.sum() * table.sum(1).min() / table.sum() < least:
        rarest = int(np.argmin(large.sum(0)))
        rest, large = rest + large[:, rarest], np.delete(large, rarest, axis=1)
    return np.column_stack([large, rest])


def exact_ks(first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """SciPy's exact test; it gives up at the smallest distance there is, which every pair of samples reaches."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        try:
            test = stats.ks_2samp(first, second, method="exact")
        except RuntimeWarning:
            statistic = float(stats.ks_2samp(first, second, method="asymp").statistic)
            assert math.isclose(statistic, 1 / math.lcm(len(first), len(second)))
            return statistic, 1.0
    return float(test.statistic), float(test.pvalue)


def two_samples(rng: Generator) -> Case:
    """Kolmogorov-Smirnov and Wasserstein of two samples, with ties or without, and of weighted values."""
    first, second = (
        np.array(sample(rng, int(rng.choice([1, 2, 5, 30, 64, 97])))),
        np.array(sample(rng, int(rng.choice([1, 3, 8, 32, 64, 90])))),
    )
    kind = rng.integers(4)
    if kind == 0:
        first, second = np.round(first) + 0.0, np.round(second) + 0.0
    if kind == 1:
        first, second = np.full(len(first), 2.5), np.full(len(second), rng.choice([2.5, 3.5]))
    test = exact_ks(first, second)
    values = np.sort(rng.choice(np.arange(-20, 50), int(rng.integers(2, 20)), replace=False)) / 4
    weights, others = rng.integers(0, 6, len(values)), rng.integers(0, 6, len(values))
    weights[0] += 1
    others[-1] += 1
    counted = exact_ks(np.repeat(values, weights), np.repeat(values, others))
    return {
        "first": first.tolist(), "second": second.tolist(), "statistic": test[0], "p": test[1],
        "distance": float(stats.wasserstein_distance(first, second)), "values": values.tolist(),
        "weights": weights.tolist(), "others": others.tolist(), "countedStatistic": counted[0],
        "countedP": counted[1],
        "countedDistance": float(stats.wasserstein_distance(values, values, weights, others)),
    }  # fmt: skip


# What is drawn, and how many cases of it.
KINDS: dict[str, tuple[Callable[[Generator], Case], int]] = {
    "normal": (normal, 30),
    "student": (student, 30),
    "byT": (by_t, 30),
    "fieller": (fieller, 30),
    "bootstrap": (bootstrap, 8),
    "permutation": (permutation, 20),
    "maxT": (max_t, 12),
    "equivalence": (equivalence, 25),
    "correction": (correction, 20),
    "power": (power_of_t, 25),
    "equivalencePower": (power_of_equivalence, 25),
    "counts": (counts, 25),
    "combined": (combined, 20),
    "agreement": (agreement, 25),
    "ranking": (ranking, 25),
    "categories": (categories, 60),
    "twoSamples": (two_samples, 40),
}
