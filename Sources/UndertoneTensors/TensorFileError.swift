// What can be wrong with a safetensors file: what, where, and the mend. One case for each way in which a file can lie.

/// A safetensors file, or a folder of them, that can't be read or written.
public struct TensorFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong; more cases may be added.
    public struct Code: Sendable, Hashable {
        enum Value: Sendable, Hashable {
            case unreadable, unwritable, noTensors, badIndex, notFloats, changed, usage
            case headerTooSmall, headerTooLarge, headerTruncated, headerNotUTF8, headerStart, headerSyntax
            case duplicateName, badMetadata, badTensor, unknownType
            case overflow, reversedOffsets, gap, overlap, sizeMismatch, beyondFile, trailingBytes, partialByte
        }

        let value: Value

        /// The system refuses to open or read the file.
        public static let unreadable = Code(value: .unreadable)
        /// The system refuses to write the file.
        public static let unwritable = Code(value: .unwritable)
        /// A folder without a safetensors file.
        public static let noTensors = Code(value: .noTensors)
        /// The list of shards (`model.safetensors.index.json`) is not what it should be.
        public static let badIndex = Code(value: .badIndex)
        /// The tensor's elements are no floating-point numbers that this program reads.
        public static let notFloats = Code(value: .notFloats)
        /// The file was shorter when it was read than when it was opened.
        public static let changed = Code(value: .changed)
        /// The caller asks for what makes no sense: elements outside of a tensor, a file that is not finished.
        public static let usage = Code(value: .usage)

        /// Fewer than eight bytes: not even the length of the header.
        public static let headerTooSmall = Code(value: .headerTooSmall)
        /// The header says that it is longer than 100,000,000 bytes, the bound of the format's own library.
        public static let headerTooLarge = Code(value: .headerTooLarge)
        /// The header says that it is longer than the file.
        public static let headerTruncated = Code(value: .headerTruncated)
        /// The header is not UTF-8.
        public static let headerNotUTF8 = Code(value: .headerNotUTF8)
        /// The header does not begin with `{`.
        public static let headerStart = Code(value: .headerStart)
        /// The header is not JSON, or nests too deep.
        public static let headerSyntax = Code(value: .headerSyntax)
        /// Two tensors, or two members of one object, have the same name.
        public static let duplicateName = Code(value: .duplicateName)
        /// `__metadata__` is no object of strings.
        public static let badMetadata = Code(value: .badMetadata)
        /// A tensor lacks its type, shape or offsets, or they are of the wrong kind.
        public static let badTensor = Code(value: .badTensor)
        /// A type that the format does not know.
        public static let unknownType = Code(value: .unknownType)
        /// A count of elements or bytes that no integer holds.
        public static let overflow = Code(value: .overflow)
        /// A tensor ends before it starts.
        public static let reversedOffsets = Code(value: .reversedOffsets)
        /// Bytes between tensors belong to none.
        public static let gap = Code(value: .gap)
        /// Two tensors share bytes.
        public static let overlap = Code(value: .overlap)
        /// Shape and type make another length than the offsets.
        public static let sizeMismatch = Code(value: .sizeMismatch)
        /// A tensor ends behind the end of the file.
        public static let beyondFile = Code(value: .beyondFile)
        /// Bytes behind the last tensor belong to none.
        public static let trailingBytes = Code(value: .trailingBytes)
        /// A tensor of types below a byte does not fill whole bytes.
        public static let partialByte = Code(value: .partialByte)
    }

    /// What is wrong, for programs.
    public var code: Code
    /// The file, as the caller named it.
    public var path: String
    /// What is wrong, as a clause. May hold names out of the file, with hidden characters escaped.
    public var problem: String
    /// What to do about it, as a clause.
    public var mend: String?

    /// An error.
    public init(_ code: Code, _ path: String, _ problem: String, mend: String? = nil) {
        self.code = code
        self.path = path
        self.problem = problem
        self.mend = mend
    }

    /// `path: problem; mend`, with hidden characters of the path escaped.
    public var description: String {
        let text = "\(shown(path)): \(problem)"
        return mend.map { "\(text); \($0)" } ?? text
    }
}
