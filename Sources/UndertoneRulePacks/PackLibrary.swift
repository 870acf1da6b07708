// Finds packs by name or path and puts together what they include.

public import UndertoneCore
import UndertoneSettings

/// The packs that can be used: those that ship, and those in folders that the user names.
public struct PackLibrary: Sendable {
    /// Packs that include packs that include packs: at most this many, the outermost counted.
    static let depthLimit = 8

    /// The names of the packs that ship, sorted.
    public static var shippedNames: [String] { ShippedPacks.names }

    private let directories: [String]

    /// - Parameter directories: Folders whose file `NAME.yaml` is pack `NAME`; they go before the packs that ship, the
    ///   first before the others.
    public init(directories: [String] = []) {
        self.directories = directories
    }

    /// A pack by its name or the path of its file.
    ///
    /// What ends in `.yaml` or `.yml` is a path. Anything else is a name; if no pack has it and there is such a file,
    /// it is that file's path.
    ///
    /// - Throws: ``SettingsError`` for an unknown name or whatever is wrong with the pack or one that it includes.
    /// - Complexity: O(bytes of all files + rules × includes).
    public func pack(_ nameOrPath: String) throws(SettingsError) -> RulePack {
        var assembly = Assembly()
        return try assemble(source(nameOrPath), for: nil, &assembly).pack
    }

    /// Reads a pack from a text; includes of files are relative to the current folder.
    package func pack(text: String, file: String) throws(SettingsError) -> RulePack {
        var assembly = Assembly()
        return try build(text, .file(file), &assembly).pack
    }

    // MARK: - Finding

    private func source(_ nameOrPath: String) throws(SettingsError) -> PackSource {
        if PackLibrary.looksLikePath(nameOrPath) { return .file(nameOrPath) }
        if let named = named(nameOrPath) { return named }
        if SettingsFile.isFile(nameOrPath) { return .file(nameOrPath) }
        throw unknown(nameOrPath, at: nil)
    }

    private func source(of inclusion: PackFile.Inclusion, from including: PackSource) throws(SettingsError)
        -> PackSource
    {
        let word = inclusion.pack
        guard PackLibrary.looksLikePath(word) else {
            if let named = named(word) { return named }
            throw unknown(word, at: inclusion.location)
        }
        guard let path = including.path, !word.hasPrefix("/") else {
            throw SettingsError(
                .unreadable, at: inclusion.location, "the include \"\(word)\" is no path relative to this file",
                mend: "write it relative to the file that includes it")
        }
        guard let slash = path.lastIndex(of: "/") else { return .file(word) }
        return .file(path[...slash] + word)
    }

    private func named(_ name: String) -> PackSource? {
        guard Reading.isPackName(name) else { return nil }
        for directory in directories {
            for ending in ["yaml", "yml"] where SettingsFile.isFile("\(directory)/\(name).\(ending)") {
                return .file("\(directory)/\(name).\(ending)")
            }
        }
        return ShippedPacks.names.contains(name) ? .shipped(name) : nil
    }

    private func unknown(_ name: String, at location: SourceLocation?) -> SettingsError {
        SettingsError(
            .unknownPack, at: location, "there is no pack \"\(name)\"",
            mend: suggestion(for: name, among: PackLibrary.shippedNames) + ", or write the path of a .yaml file")
    }

    private static func looksLikePath(_ word: String) -> Bool { word.hasSuffix(".yaml") || word.hasSuffix(".yml") }

    // MARK: - Putting together

    private struct Assembly {
        /// The chain of packs that are being read, the outermost first.
        var chain: [(identity: String, file: String)] = []
        /// Each file is read once, however often it is included.
        var done: [String: Built] = [:]
    }

    private struct Built {
        var pack: RulePack
        /// Levels of packs, itself counted.
        var height: Int
    }

    private func assemble(
        _ source: PackSource, for asked: SourceLocation?, _ assembly: inout Assembly
    ) throws(SettingsError) -> Built {
        let identity = source.identity
        if let start = assembly.chain.firstIndex(where: { $0.identity == identity }) {
            let names = assembly.chain[start...].map(\.file) + [source.file]
            throw SettingsError(
                .includeCycle, at: asked, "the pack includes itself: " + names.joined(separator: " → "),
                mend: "take one of the includes out")
        }
        if let built = assembly.done[identity] {
            try checkDepth(assembly.chain.count + built.height, at: asked)
            return built
        }
        try checkDepth(assembly.chain.count + 1, at: asked)
        let built = try build(source.text(for: asked), source, identity: identity, &assembly)
        assembly.done[identity] = built
        return built
    }

    private func checkDepth(_ depth: Int, at location: SourceLocation?) throws(SettingsError) {
        guard depth <= PackLibrary.depthLimit else {
            throw SettingsError(
                .tooLarge, at: location, "packs include packs more than \(PackLibrary.depthLimit) deep",
                mend: "include the inner ones directly")
        }
    }

    private func build(
        _ text: String, _ source: PackSource, identity: String? = nil, _ assembly: inout Assembly
    ) throws(SettingsError) -> Built {
        let file = try PackFile(text: text, file: source.file)
        assembly.chain.append((identity ?? source.identity, source.file))
        var merger = Merger(file)
        var digests = [Digest.sha256(text)]
        var height = 1
        var texts: [(name: String, text: String)] = []
        for inclusion in file.includes {
            let from = try self.source(of: inclusion, from: source)
            let included = try assemble(from, for: inclusion.location, &assembly)
            digests.append(included.pack.digest)
            for text in [(included.pack.name, included.pack.text)] + included.pack.includedTexts
            where !texts.contains(where: { $0 == text }) {
                texts.append(text)
            }
            height = max(height, included.height + 1)
            try merger.add(included.pack, inclusion)
        }
        assembly.chain.removeLast()
        try merger.addOwn()
        let gate = try file.gate.map { value throws(SettingsError) in
            try GateReader.thresholds(value, names: merger.names)
        }
        let pack = RulePack(
            name: file.name, version: file.version, description: file.description, source: file.source,
            license: file.license, rules: merger.rules, gate: gate ?? GateThresholds(), aliases: merger.aliases,
            digest: digests.count == 1 ? digests[0] : Digest.sha256(digests.map { $0 + "\n" }.joined()), text: text,
            includedTexts: texts, path: source.path)
        return Built(pack: pack, height: height)
    }
}
