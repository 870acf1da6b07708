// What a share that a faulty test found says of the true one.

/// The true share behind an apparent one: (p + specificity − 1) / (sensitivity + specificity − 1), cut at 0 and 1. Rogan &
/// Gladen, Am. J. Epidemiol. 107 (1978) 71.
///
/// The 95 % interval counts that all three were estimated: Lang & Reiczigel, Prev. Vet. Med. 113 (2014) 13.
///
/// - Parameters:
///   - found: positives of the test among `tested`.
///   - tested: above 0.
///   - hits: positives of the test among `positives` that are known to be so.
///   - positives: above 0.
///   - rejections: negatives of the test among `negatives` that are known to be so.
///   - negatives: above 0.
/// - Returns: nil where the test is no better than chance, so that it says nothing, and where a count is out of range.
public func correctedPrevalence(
    found: Int, tested: Int, hits: Int, positives: Int, rejections: Int, negatives: Int
) -> RatioEstimate? {
    guard tested > 0, positives > 0, negatives > 0, (0...tested).contains(found), (0...positives).contains(hits),
        (0...negatives).contains(rejections)
    else { return nil }
    func corrected(_ p: Double, _ sensitivity: Double, _ specificity: Double) -> Double? {
        let worth = sensitivity + specificity - 1
        return worth > 0 ? (p + specificity - 1) / worth : nil
    }
    let apparent = Double(found) / Double(tested)
    let value = corrected(
        apparent, Double(hits) / Double(positives), Double(rejections) / Double(negatives))
    // Each estimate moved towards the middle, so that none of 0 or 1 has a variance of 0.
    let z = 1.959963984540054
    let trials = Double(tested) + z * z
    let p = (Double(found) + z * z / 2) / trials
    let sensitivity = Double(hits + 1) / Double(positives + 2)
    let specificity = Double(rejections + 1) / Double(negatives + 2)
    guard let value, let middle = corrected(p, sensitivity, specificity) else { return nil }
    let ofSensitivity = sensitivity * (1 - sensitivity) / Double(positives + 2)
    let ofSpecificity = specificity * (1 - specificity) / Double(negatives + 2)
    let shift = 2 * z * z * (middle * ofSensitivity - (1 - middle) * ofSpecificity)
    let variance =
        p * (1 - p) / trials + middle * middle * ofSensitivity + (1 - middle) * (1 - middle) * ofSpecificity
    let half = z * variance.squareRoot() / (sensitivity + specificity - 1)
    func within(_ share: Double) -> Double { min(max(share, 0), 1) }
    return RatioEstimate(
        value: within(value),
        interval: Interval(low: within(middle + shift - half), high: within(middle + shift + half)))
}
