// What is said about tensors in the metadata of their file: format, kind, versions, and what the caller adds.

import CNumerics
import Glibc
import UndertoneTensors
import UndertoneText

/// What decides, besides seed and settings, which bytes a run ends with.
public struct Versions: Sendable, Equatable {
    /// The program's.
    public var program: String
    /// The vector instructions of the inner loops: `avx512`, `avx2` or `portable`.
    public var instructions: String
    /// The C library, whose logarithms and sines random numbers are made of: `glibc 2.39`.
    public var cLibrary: String

    /// Those of this machine.
    public init(program: String) {
        self.program = program
        instructions = String(cString: undertone_numerics_instructions())
        cLibrary = Versions.libraryHere
    }

    init(program: String, instructions: String, cLibrary: String) {
        self.program = program
        self.instructions = instructions
        self.cLibrary = cLibrary
    }

    private static var libraryHere: String {
        var name = [CChar](repeating: 0, count: 128)
        let length = confstr(Int32(_CS_GNU_LIBC_VERSION), &name, name.count)
        guard length > 1, length <= name.count else { return "unknown" }
        return String(decoding: name.prefix(length - 1).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// Entries of `__metadata__`, all of which begin with `undertone.`. Other entries are not looked at.
struct StoredEntries {
    /// The version of the format that is written, and the only one that is read.
    static let format = "1"

    /// What a file holds.
    enum Kind: String {
        case model = "model"
        case run = "training-state"
    }

    let path: String
    private(set) var entries: [String: String]

    /// Entries to be written.
    init(_ kind: Kind, path: String) {
        self.path = path
        entries = ["undertone.format": StoredEntries.format, "undertone.kind": kind.rawValue]
    }

    /// Entries of a file; nil where it has none of ours.
    ///
    /// - Throws: `unknownFormat`, `wrongKind`.
    init?(_ file: TensorFile, _ kind: Kind) throws(CheckpointError) {
        path = file.path
        entries = file.metadata
        guard let format = entries["undertone.format"] else { return nil }
        guard format == StoredEntries.format else {
            let program = entries["undertone.program"].map { ", by version \(visible($0, limit: 40))" } ?? ""
            throw CheckpointError(
                .unknownFormat, path,
                "was written in format \(visible(format, limit: 40))\(program); format \(StoredEntries.format) is read",
                mend: "use the version that wrote it, or a newer one")
        }
        let found = try self.text("kind")
        guard found == kind.rawValue else {
            throw CheckpointError(
                .wrongKind, path, "is a \(visible(found, limit: 40)), and a \(kind.rawValue) is wanted",
                mend: "name another file")
        }
    }

    subscript(name: String) -> String? {
        get { entries["undertone.\(name)"] }
        set { entries["undertone.\(name)"] = newValue }
    }

    /// An entry that must be there.
    func text(_ name: String) throws(CheckpointError) -> String {
        guard let text = self[name] else { throw bad(name, "is missing") }
        return text
    }

    /// An entry that is a whole number, written as this program writes it.
    func number<Number: FixedWidthInteger>(_ name: String, at most: Number) throws(CheckpointError) -> Number {
        let text = try self.text(name)
        guard let number = Number(text), String(number) == text, number >= 0, number <= most else {
            throw bad(name, "is no whole number up to \(most)")
        }
        return number
    }

    /// An entry that is JSON.
    func json(_ name: String) throws(CheckpointError) -> JSONValue {
        let text = try self.text(name)
        do { return try JSONValue(parsing: text.utf8) } catch { throw bad(name, "is no JSON: \(error)") }
    }

    var versions: Versions {
        get throws(CheckpointError) {
            Versions(
                program: try text("program"), instructions: try text("instructions"), cLibrary: try text("c-library"))
        }
    }

    mutating func set(_ versions: Versions) {
        self["program"] = versions.program
        self["instructions"] = versions.instructions
        self["c-library"] = versions.cLibrary
    }

    func bad(_ name: String, _ problem: String) -> CheckpointError {
        CheckpointError(
            .badMetadata, path, "undertone.\(name) in its metadata \(problem)",
            mend: "the file was changed by hand or damaged; save it anew")
    }
}
