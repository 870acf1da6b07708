// undertone review

import ArgumentParser
import Foundation
import Synchronization
import UndertoneCore
import UndertoneLineage
import UndertoneRecords
import UndertoneReviewing
import UndertoneScanning
import UndertoneText

struct ReviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Look at what is commonest, strangest and over-represented in a drop, and say what is to go.",
        discussion: """
            Shows a few dozen items in the terminal, or with --page in a browser on this machine, and keeps what is said of \
            each in the catalogue at once. The same command goes on where it was left. Keys: ? lists them.

            undertone review drop.jsonl --reference control.jsonl
            undertone review drop.jsonl --reference control.jsonl --page --by alice
            undertone review drop.jsonl --list --report json
            undertone review drop.jsonl --export rejected.yaml
            """)

    @Argument(help: "The drop.")
    var drop: String

    @Option(name: .long, help: "Data without what the drop may carry: a control of the same prompts.")
    var reference: String?

    @Option(name: .long, help: "Items of each list at most.")
    var size = 10

    @Option(name: .long, help: "Seed of the random sample.")
    var seed: UInt64 = 0

    @Flag(name: .long, help: "Show it as a page, and print its address; it can be opened on this machine only.")
    var page = false

    @Option(name: .long, help: "The page's port (default: a free one).")
    var port: UInt16 = 0

    @Flag(name: .long, help: "Print what would be shown, and do nothing else.")
    var list = false

    @Option(name: .long, help: "With --list: text or json.")
    var report = "text"

    @Option(
        name: .long,
        help: "Write a rule pack of what all reviews of this drop rejected to this file, - for standard output.")
    var export: String?

    @Option(name: .long, help: "The catalogue, which is made where there is none.")
    var lineage = Catalogue.defaultPath

    @OptionGroup var author: AuthorOptions

    @Flag(name: .shortAndLong, help: "No progress, no summary.")
    var quiet = false

    func validate() throws {
        guard ["text", "json"].contains(report) else {
            throw ScanError(.usage, "--report \(visible(report)) is no report format here", mend: "write text or json")
        }
        guard list || report == "text" else {
            throw ScanError(.usage, "--report json is for --list", mend: "add --list")
        }
        guard page || port == 0 else { throw ScanError(.usage, "--port is for --page", mend: "add --page") }
        guard (1...ReviewSheet.mostItems).contains(size) else {
            throw ScanError(.usage, "--size \(size) is out of range", mend: "write 1 to \(ReviewSheet.mostItems)")
        }
        guard [list, page, export != nil].count(where: \.self) < 2 else {
            throw ScanError(.usage, "--list, --page and --export exclude each other", mend: "choose one of them")
        }
    }

    func run() throws {
        if let export { return try writePack(to: export) }
        if !list, !page { try TerminalReview.checkTerminal() }
        let sheet = try makeSheet()
        if list {
            return try Terminal.print(report == "json" ? sheet.json : sheet.text(width: Terminal.width))
        }
        let (catalogue, wasCreated) = try Catalogue.openOrCreate(lineage)
        if wasCreated, !quiet { Terminal.printError("undertone: made the catalogue \(visible(lineage))") }
        let record = try CatalogueReviewRecord(sheet, in: catalogue, reviewer: author.author.name)
        let session = ReviewSession(sheet, record: record)
        let signal = page ? try showPage(session) : try showTerminal(session)
        if !quiet { Terminal.printError(summary(session, record.review)) }
        if let signal { throw ExitCode(128 + signal) }
    }

    // MARK: - Faces; each returns the signal that ended it

    private func showTerminal(_ session: ReviewSession) throws(ReviewError) -> Int32? {
        if case .signal(let number) = try TerminalReview(session).run() { return number }
        return nil
    }

    private func showPage(_ session: ReviewSession) throws(ReviewError) -> Int32? {
        let ending = try ReviewServer(session, version: undertoneVersion).run(port: port) { address in
            // The address goes to whoever asked for it, quiet or not.
            try? Terminal.print("review page: \(address)")
        }
        if case .signal(let number) = ending { return number }
        return nil
    }

    private func summary(_ session: ReviewSession, _ review: Review) -> String {
        let counts = session.counts
        var text =
            "review \(review.id) by \(visible(review.by, limit: 100)): \(counts.fine) fine, \(counts.reject) to reject, "
            + "\(counted(counts.rule, "rule")), \(counts.undecided) undecided"
        if !session.isFinished { text += "; not finished, the same command goes on with it" }
        if counts.reject + counts.rule > 0 {
            text += "\n--export FILE makes a rule pack of what is to go"
        }
        return text
    }

    // MARK: - Sheet and pack

    private func makeSheet() throws -> ReviewSheet {
        let progress = SheetProgress()
        let bar = Terminal.canShowProgress && !quiet ? ProgressBar { _ in progress.line } : nil
        defer { bar?.stop() }
        return try makeReviewSheet(drop: drop, reference: reference, size: size, seed: seed, progress: progress)
    }

    private func writePack(to path: String) throws {
        let digest = try storedDigest(of: Input(path: drop))
        let catalogue = try Catalogue.open(lineage, readOnly: true)
        let reviews = try catalogue.reviews(of: catalogue.node(named: "sha256:" + digest, kind: .drop).id)
        let name = path == "-" ? "" : URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        let pack = try ReviewRules.pack(
            name: packName(name), drop: "\(drop), sha256 \(digest.prefix(16))", reviews: reviews)
        if path == "-" { return try Terminal.print(pack) }
        if let input = OutputFile.wouldOverwrite(path, [Input(path: drop), Input(path: lineage)]) {
            throw ScanError(
                .usage, "--export \(path) is the input \(input.path)",
                mend: "name another file; an input is never overwritten")
        }
        try writeFile(path, Data(pack.utf8))
    }

    // Packs have names of small letters, digits and hyphens.
    private func packName(_ name: String) -> String {
        let words = name.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        return words.isEmpty ? "reviewed" : words.joined(separator: "-")
    }
}

/// How far the making of a sheet is.
private final class SheetProgress: ReadingProgress {
    private let bytes = Mutex<(read: Int, before: Int)>((0, 0))

    let isCancelled = false

    func advance(storedBytes: Int, of input: Int) {
        bytes.withLock { state in
            // A reading begins anew from nothing.
            if storedBytes < state.read { state.before += state.read }
            state.read = storedBytes
        }
    }

    var line: String {
        let read = bytes.withLock { $0.before + $0.read }
        return "looking for what stands out, \(byteCount(read)) read"
    }
}

extension ReviewError {
    /// The exit code that stands for the error.
    var exitCode: Int32 { code == .noTerminal ? 2 : 3 }
}
