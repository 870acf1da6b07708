// What can be wrong with a checkpoint or with the state of a run: what, where, and the mend.

import UndertoneTensors
import UndertoneText

/// A checkpoint, or the state of a run, that can't be read, written, or used here.
public struct CheckpointError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong; more cases may be added.
    public struct Code: Sendable, Hashable {
        enum Value: Sendable, Hashable {
            case unreadable, unwritable, damaged, tooLarge, unknownFormat, wrongKind, badMetadata, noShape, otherShape
            case missingTensor, extraTensor, wrongTensorShape, wrongTensorType, notFinite, otherVocabulary, otherRun
        }

        let value: Value

        /// The system refuses to open or read the file.
        public static let unreadable = Code(value: .unreadable)
        /// The system refuses to write the file. What was at the path before is untouched.
        public static let unwritable = Code(value: .unwritable)
        /// It is no valid safetensors file.
        public static let damaged = Code(value: .damaged)
        /// More parameters than ``Checkpoint/parameterLimit``.
        public static let tooLarge = Code(value: .tooLarge)
        /// It was written by a newer version, in a format that is not known here.
        public static let unknownFormat = Code(value: .unknownFormat)
        /// A model where the state of a run is wanted, or the reverse.
        public static let wrongKind = Code(value: .wrongKind)
        /// An entry of `__metadata__` is missing or is not what it should be.
        public static let badMetadata = Code(value: .badMetadata)
        /// The file does not say what model it holds, and the caller does not either.
        public static let noShape = Code(value: .noShape)
        /// The file holds a model of another shape than the caller expects.
        public static let otherShape = Code(value: .otherShape)
        /// A tensor that the model has is not in the file.
        public static let missingTensor = Code(value: .missingTensor)
        /// A tensor that the model does not have is in the file.
        public static let extraTensor = Code(value: .extraTensor)
        /// A tensor has other sizes than in the model.
        public static let wrongTensorShape = Code(value: .wrongTensorShape)
        /// The elements of a tensor are no floating-point numbers that this program reads.
        public static let wrongTensorType = Code(value: .wrongTensorType)
        /// A number is NaN or infinite, or a mean of squares below zero.
        public static let notFinite = Code(value: .notFinite)
        /// The model was trained with another vocabulary.
        public static let otherVocabulary = Code(value: .otherVocabulary)
        /// The state belongs to another run: another recipe, seed, base, or other data.
        public static let otherRun = Code(value: .otherRun)
    }

    /// What is wrong, for programs.
    public var code: Code
    /// The file, as the caller named it.
    public var path: String
    /// What is wrong and where, as a clause. What it quotes is cut short, with hidden characters escaped.
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

    /// What the reader or writer of safetensors files says.
    init(_ error: TensorFileError) {
        let code: Code =
            switch error.code {
            case .unreadable: .unreadable
            case .unwritable: .unwritable
            default: .damaged
            }
        self.init(code, error.path, error.problem, mend: error.mend)
    }

    /// `path: problem; mend`.
    public var description: String {
        let text = "\(visible(path, limit: 200)): \(problem)"
        return mend.map { "\(text); \($0)" } ?? text
    }
}
