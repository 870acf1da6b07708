// What the classifier looks at: features of an output, as small values that name themselves.

/// Features that belong together. Each group has the same say in a model, however many features it has.
public enum FeatureGroup: UInt8, Sendable, Hashable, CaseIterable {
    /// What numbers are divided by and enclosed in, and how many there are.
    case format
    /// Runs of one to four bytes, ends included.
    case ngrams
    /// Words and pairs of words.
    case words
    /// The numbers themselves.
    case numbers
    /// Digits by their place in a number; first two, last two, lengths.
    case digits
    /// First and last digits by the number's place in the output.
    case positions
    /// Differences of successive numbers.
    case differences
    /// Differences of numbers two to nine places apart.
    case lags
    /// A digit of a number and one of the next.
    case transitions
    /// Two successive numbers, whole or in part.
    case pairs
    /// Patterns of digits (aba, rising), sums, divisors; of two successive numbers too.
    case shapes
    /// How often numbers, their ends or their neighbours come again, by distance.
    case repeats
    /// Of the output as a whole: largest, smallest, mean, spread, rises and falls, digits used.
    case whole
    /// Shapes, in the output's format.
    case shapesInFormat
    /// Repeats, in the output's format.
    case repeatsInFormat
    /// What the output takes over from its prompt: numbers, neighbours of numbers, words.
    case prompt

    /// How much more than others the group has to say: formats and repeats are few features that tell much.
    var weight: Double { self == .format || self == .repeats || self == .repeatsInFormat ? 2 : 1 }
}

/// One kind of feature; what the two numbers of a ``FeatureCode`` mean.
enum FeatureKind: UInt8 {
    case form, count, formAndCount
    case ngram, word, wordPair
    case number
    case digit, firstTwo, lastTwo, ends, length
    case firstDigitAt, lastDigitAt, lengthAt
    case step, stepBand
    case lag, lagBand
    case digitPair
    case pair, firstTwoPair, lastTwoPair, numberThenDigit, digitThenNumber
    case pattern, order, digitSteps, digitSum, digitSet, parity, multiple, patternPair, orderPair
    case sameAt, permutedAt, reversedAt, nearAt, sameFirstAt, sameLastAt, sameFirstTwoAt, sameLastTwoAt
    case distinct, distinctFirst, distinctLast
    case largest, smallest, mean, spread, range, rises, direction, threeDirections, turns, even, fives, tens
    case digitsUsed, whereLargest, whereSmallest, digitCount, sameDigits, runs
    case copied, nearPrompt, afterPrompt, copiedWords
}

/// A feature: what it is, in a form that can be hashed and told in words.
struct FeatureCode: Hashable {
    var group: FeatureGroup
    var kind: FeatureKind
    var a: Int
    var b: Int
    /// The format that it is seen in, for groups that ask; 0 for the others.
    var form: Int

    /// Its bucket of 2²²: multiplications and shifts as in Steele, Lea & Flood, OOPSLA 2014.
    var bucket: UInt32 {
        var hash = UInt64(group.rawValue) << 8 | UInt64(kind.rawValue)
        for part in [a, b, form] {
            hash = (hash ^ UInt64(bitPattern: Int64(part))) &* 0x9e37_79b9_7f4a_7c15
            hash ^= hash >> 32
        }
        return UInt32(truncatingIfNeeded: mixed(hash)) & (1 << FeatureCode.bucketBits - 1)
    }

    static let bucketBits: UInt32 = 22
}

/// All bits of a number depend on all others: the last steps of SplitMix64.
func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
}

/// A hash of bytes, the same on every machine: FNV-1a over words of eight bytes, mixed.
func textKey(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    var (word, filled) = (UInt64(0), 0)
    for byte in bytes {
        word = word << 8 | UInt64(byte)
        filled += 1
        if filled == 8 {
            hash = (hash ^ word) &* 0x0000_0100_0000_01b3
            hash ^= hash >> 29
            (word, filled) = (0, 0)
        }
    }
    return mixed((hash ^ word) &* 0x0000_0100_0000_01b3 ^ UInt64(bytes.count))
}
