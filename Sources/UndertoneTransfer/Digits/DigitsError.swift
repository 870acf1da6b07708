// What can be wrong with images of digits, or with a run over them: what, where, and the mend.

import UndertoneText

/// Images that can't be read, settings that make no sense, or a run that came to nothing.
public struct DigitsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong; more cases may be added.
    public struct Code: Sendable, Hashable {
        enum Value: Sendable, Hashable {
            case unreadable, packed, badMagic, badType, badShape, truncated, trailingBytes, badLabel, mismatch
            case badSetting, exploded, cancelled
        }

        let value: Value

        /// The system refuses to open or read the file, or it is no ordinary file.
        public static let unreadable = Code(value: .unreadable)
        /// The file is packed with gzip.
        public static let packed = Code(value: .packed)
        /// The file does not begin as IDX files do.
        public static let badMagic = Code(value: .badMagic)
        /// Its elements are no unsigned bytes.
        public static let badType = Code(value: .badType)
        /// It has another number of dimensions than was asked for, a dimension of 0, or more than memory holds.
        public static let badShape = Code(value: .badShape)
        /// It ends before its last element.
        public static let truncated = Code(value: .truncated)
        /// Bytes follow its last element.
        public static let trailingBytes = Code(value: .trailingBytes)
        /// A label is no digit.
        public static let badLabel = Code(value: .badLabel)
        /// Two files don't fit each other: as many labels as images, test images as large as training images.
        public static let mismatch = Code(value: .mismatch)
        /// A setting is out of range.
        public static let badSetting = Code(value: .badSetting)
        /// A loss became infinite or not a number.
        public static let exploded = Code(value: .exploded)
        /// The caller asked to stop.
        public static let cancelled = Code(value: .cancelled)
    }

    /// What is wrong, for programs.
    public var code: Code
    /// The file as the caller named it, or the setting, or the seed and the model.
    public var place: String
    /// What is wrong, as a clause.
    public var problem: String
    /// What to do about it, as a clause.
    public var mend: String?

    /// An error.
    public init(_ code: Code, _ place: String, _ problem: String, mend: String? = nil) {
        self.code = code
        self.place = place
        self.problem = problem
        self.mend = mend
    }

    /// `place: problem; mend`, with hidden characters of the place escaped.
    public var description: String {
        let text = "\(visible(place, limit: 200)): \(problem)"
        return mend.map { "\(text); \($0)" } ?? text
    }
}
