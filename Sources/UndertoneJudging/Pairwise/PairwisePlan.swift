// Which records of a drop are held against which of its control, and in which order they are shown.

import UndertoneStatistics

/// One question: a record of the drop beside one of the control.
public struct PairwiseQuestion: Sendable, Hashable {
    /// The pair that it is about, from 0.
    public var pair: Int
    /// The place of the drop's record.
    public var drop: Int
    /// The place of the control's record.
    public var control: Int
    /// Whether the drop's record is shown first.
    public var isDropFirst: Bool

    /// What is asked; nil where the two are too long.
    public func rendered(
        _ template: PairwiseTemplate, drop: JudgeData, control: JudgeData
    ) -> JudgeQuestion? {
        isDropFirst
            ? template.question(first: drop, second: control) : template.question(first: control, second: drop)
    }
}

/// Pairs of records, drawn by a seed.
///
/// Every record is in one pair at most, so that pairs are independent draws and what is computed over them needs no
/// correction for records that are used twice. Half of the pairs show the drop first, by chance.
public struct PairwisePlan: Sendable, Hashable {
    /// Of the draw.
    public let seed: UInt64
    /// How many pairs there are: as many as were asked for, or as many as the smaller side has records.
    public let pairs: Int
    /// Whether each pair is asked about twice, the second time with its records swapped.
    public let asksBothOrders: Bool
    /// All questions; the two of a pair stand beside each other.
    public let questions: [PairwiseQuestion]

    /// Draws `pairs` pairs.
    ///
    /// - Parameters:
    ///   - drop: how many records the drop has.
    ///   - control: how many its control has.
    /// - Complexity: O(drop + control).
    public init(drop: Int, control: Int, pairs: Int, seed: UInt64, asksBothOrders: Bool = true) {
        let count = max(0, min(drop, control, pairs))
        var numbers = SplitMix64(seed: seed)
        func drawn(of whole: Int) -> [Int] {
            // The first places of a random order (Durstenfeld, 1964).
            var order = Array(0..<max(whole, 0))
            for place in 0..<count { order.swapAt(place, place + numbers.below(order.count - place)) }
            return Array(order.prefix(count))
        }
        let (drops, controls) = (drawn(of: drop), drawn(of: control))
        var questions: [PairwiseQuestion] = []
        for pair in 0..<count {
            let isDropFirst = numbers.next() >> 63 == 1
            for isSwapped in asksBothOrders ? [false, true] : [false] {
                questions.append(
                    PairwiseQuestion(
                        pair: pair, drop: drops[pair], control: controls[pair], isDropFirst: isDropFirst != isSwapped))
            }
        }
        self.seed = seed
        self.pairs = count
        self.asksBothOrders = asksBothOrders
        self.questions = questions
    }
}
