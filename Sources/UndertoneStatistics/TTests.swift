// Tests of means by Student's t: of one sample, of pairs, and of two samples with variances of their own.

import Glibc

/// What a t-test found.
public struct TTest: Sendable, Hashable {
    /// The difference of means (of one sample: its mean).
    public var difference: Double
    /// The estimated standard deviation of the difference.
    public var standardError: Double
    /// t, the difference in units of its standard error; infinite where all differences are one number other than 0.
    public var statistic: Double
    /// Degrees of freedom; not whole in Welch's test.
    public var degrees: Double
    /// The two-sided p-value.
    public var pValue: Double

    init(difference: Double, variance: Double, degrees: Double) {
        self.difference = difference
        self.degrees = degrees
        standardError = variance.squareRoot()
        statistic = difference == 0 ? 0 : difference / standardError
        pValue = min(1, 2 * exp(logStudentTail(statistic.magnitude, degrees: degrees)))
    }

    /// The t-interval of the difference; `confidence` is between 0 and 1.
    public func interval(confidence: Double = 0.95) -> Interval {
        let half =
            standardError == 0 ? 0 : studentQuantile(tail: (1 - confidence) / 2, degrees: degrees) * standardError
        return Interval(low: difference - half, high: difference + half)
    }
}

/// Student's t-test of a mean of 0: Student, Biometrika 6 (1908) 1.
///
/// Of paired runs, give the differences; n − 1 degrees of freedom. Where all values are 0, t is 0 and p is 1; where all
/// are one other number, p is 0. O(n).
///
/// - Returns: nil for fewer than two values, and where one is not finite.
public func tTest(_ values: [Double]) -> TTest? {
    guard let moments = Moments(values) else { return nil }
    return TTest(difference: moments.mean, variance: moments.varianceOfMean, degrees: moments.count - 1)
}

/// The paired t-test of equal means: ``tTest(_:)`` of first − second. O(n).
///
/// - Returns: nil where the samples are not of one length, below two pairs, and where a value is not finite.
public func pairedTTest(_ first: [Double], _ second: [Double]) -> TTest? {
    pairedDifferences(first, second).flatMap { tTest($0) }
}

/// Welch's t-test of equal means of two independent samples whose variances may differ: Welch, Biometrika 34 (1947) 28,
/// with the degrees of freedom of Satterthwaite, Biometrics Bulletin 2 (1946) 110. O(n).
///
/// - Returns: nil below two values in a sample, and where one is not finite.
public func welchTTest(_ first: [Double], _ second: [Double]) -> TTest? {
    guard let a = Moments(first), let b = Moments(second) else { return nil }
    let (u, v) = (a.varianceOfMean, b.varianceOfMean)
    let sum = u + v
    // As shares of the sum, whose squares can't underflow to 0 / 0.
    let degrees =
        sum == 0
        ? a.count + b.count - 2
        : 1 / ((u / sum) * (u / sum) / (a.count - 1) + (v / sum) * (v / sum) / (b.count - 1))
    return TTest(difference: a.mean - b.mean, variance: sum, degrees: degrees)
}

/// Whether a number is strictly between 0 and 1.
func isShare(_ value: Double) -> Bool { value > 0 && value < 1 }
