// Croissant documents: the data set and its files become drops, what it was derived from becomes their origin.

import UndertoneText

struct CroissantImport {
    private var lineage = ImportedLineage()
    private let root: JSONValue

    static func read(_ bytes: [UInt8], file: String, name: String?) throws(LineageError) -> ImportedLineage {
        let root: JSONValue
        do {
            root = try JSONValue(parsing: bytes)
        } catch {
            throw LineageError(
                .badDocument, "\(file):\(error.line):\(error.column): \(error.problem)",
                mend: "check that it is a Croissant document")
        }
        guard root.object != nil, member(root, "name") != nil || member(root, "distribution") != nil else {
            throw LineageError(
                .badDocument, "\(file) has neither a name nor a distribution",
                mend: "check that it is a Croissant document")
        }
        var reader = CroissantImport(root: root)
        try reader.record(name: name)
        return reader.lineage
    }

    private init(root: JSONValue) { self.root = root }

    // The vocabulary's prefix depends on the document's context; these are the ones in use.
    private static func member(_ value: JSONValue?, _ name: String) -> JSONValue? {
        for prefix in ["", "sc:", "schema:", "https://schema.org/", "http://schema.org/", "cr:", "prov:"] {
            if let member = value?[prefix + name] { return member }
        }
        return nil
    }

    // A text, also one with its language beside it; the first of several.
    private static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text): text
        case .array(let values): values.lazy.compactMap { text($0) }.first
        case .object(let object): (object["@value"] ?? object["en"] ?? object.members.first?.value)?.string
        default: nil
        }
    }

    private static func list(_ value: JSONValue?) -> [JSONValue] { value.map { $0.array ?? [$0] } ?? [] }

    // MARK: - The data set

    private mutating func record(name wanted: String?) throws(LineageError) {
        let title = CroissantImport.text(CroissantImport.member(root, "name"))
        let name = lineage.name(wanted ?? title, or: "unnamed data set")
        let files = CroissantImport.list(CroissantImport.member(root, "distribution")).filter(isFile)
        var facts = DropFacts(bytes: nil)
        if let license = CroissantImport.member(root, "license") { facts.license = self.license(license) }
        facts.source = CroissantImport.text(CroissantImport.member(root, "url")).flatMap(ImportedLineage.bounded)
        facts.schema = schema()

        var digest: String?
        if files.count == 1, let only = files.first {
            digest = lineage.digest(CroissantImport.text(CroissantImport.member(only, "sha256")), of: name)
            describe(only, &facts)
        }
        let subject = try lineage.add(.init(name: name, digest: digest, facts: .drop(facts)))
        lineage.subject = subject
        if files.count > 1 {
            for file in files { try record(file, of: subject, name: name) }
        }
        if files.isEmpty { lineage.note("the document names no file with a digest") }
        try recordOrigins(of: subject)
    }

    private mutating func record(_ file: JSONValue, of subject: Int, name: String) throws(LineageError) {
        let own = CroissantImport.text(CroissantImport.member(file, "name")) ?? CroissantImport.text(file["@id"])
        let full = lineage.name("\(name)/\(own ?? "file")", or: name)
        let digest = lineage.digest(CroissantImport.text(CroissantImport.member(file, "sha256")), of: full)
        var facts = DropFacts(bytes: nil)
        describe(file, &facts)
        let index = try lineage.add(.init(name: full, digest: digest, facts: .drop(facts)))
        try lineage.connect(index, .derived, subject)
    }

    private func isFile(_ value: JSONValue) -> Bool {
        CroissantImport.list(value["@type"]).contains { type in
            type.string.map { $0.hasSuffix("FileObject") } ?? false
        } && CroissantImport.member(value, "sha256") != nil
    }

    private mutating func describe(_ file: JSONValue, _ facts: inout DropFacts) {
        if let size = CroissantImport.member(file, "contentSize") {
            if let bytes = size.integer ?? CroissantImport.bytes(size.string ?? "") {
                facts.bytes = max(0, bytes)
            } else {
                lineage.note("a size is no whole number of bytes: \(size.string ?? size.kindName)")
            }
        }
        for format in CroissantImport.list(CroissantImport.member(file, "encodingFormat")).compactMap(\.string) {
            switch format {
            case "application/jsonlines", "application/x-ndjson", "application/jsonl": facts.format = "json-lines"
            case "application/json": facts.format = "json-array"
            case "text/plain": facts.format = "text"
            case "application/gzip", "application/x-gzip": facts.compression = "gzip"
            case "application/zstd": facts.compression = "zstd"
            default: lineage.note("the format \"\(format)\" is none that undertone scan reads")
            }
        }
    }

    /// `1234`, `1234 B` or `1234 bytes`; other units are rounded, so they say nothing exact.
    static func bytes(_ text: String) -> Int? {
        let parts = text.split(separator: " ")
        guard let first = parts.first, parts.count <= 2 else { return nil }
        if parts.count == 2, !["B", "b", "byte", "bytes", "Bytes"].contains(parts[1]) { return nil }
        let digits = first.hasSuffix("B") && parts.count == 1 ? first.dropLast() : first
        guard digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        return Int(digits)
    }

    private mutating func license(_ value: JSONValue) -> String? {
        let texts = CroissantImport.list(value).compactMap { entry in
            entry.string ?? CroissantImport.text(CroissantImport.member(entry, "url"))
                ?? CroissantImport.text(CroissantImport.member(entry, "name"))
        }
        if texts.count > 1 { lineage.note("of several licences only the first was taken") }
        return texts.first.map(LicenseNames.name).flatMap(ImportedLineage.bounded)
    }

    private func schema() -> [Setting] {
        let sets = CroissantImport.list(CroissantImport.member(root, "recordSet"))
        guard sets.count == 1 else { return [] }
        let names = Dictionary(CroissantExport.types.map { ($0.value, $0.key) }) { first, _ in first }
        return CroissantImport.list(CroissantImport.member(sets[0], "field"))
            .prefix(ImportedLineage.settingsLimit)
            .compactMap { field in
                guard let name = CroissantImport.text(CroissantImport.member(field, "name")),
                    let bounded = ImportedLineage.bounded(name),
                    let type = CroissantImport.text(CroissantImport.member(field, "dataType"))
                else { return nil }
                return names[type].map { Setting(bounded, $0) }
            }
            .sorted { $0.name < $1.name }
    }

    // MARK: - Origins

    private mutating func recordOrigins(of subject: Int) throws(LineageError) {
        let derived = CroissantImport.list(CroissantImport.member(root, "wasDerivedFrom"))
        let based = CroissantImport.list(CroissantImport.member(root, "isBasedOn"))
        for origin in derived + based {
            if let drop = try add(origin) { try lineage.connect(drop, .derived, subject) }
        }
        for activity in CroissantImport.list(CroissantImport.member(root, "wasGeneratedBy")) {
            let label = activity.string ?? CroissantImport.text(activity["prov:label"] ?? activity["label"])
            lineage.note("was generated by \"\(label ?? "something unnamed")\"; which data it read is not said")
        }
    }

    private mutating func add(_ origin: JSONValue) throws(LineageError) -> Int? {
        let kind = origin["undertone:kind"]?.string.flatMap(NodeKind.init(rawValue:)) ?? .drop
        let label =
            origin.string ?? CroissantImport.text(origin["prov:label"] ?? origin["label"])
            ?? CroissantImport.text(CroissantImport.member(origin, "name"))
            ?? CroissantImport.text(CroissantImport.member(origin, "url")) ?? CroissantImport.text(origin["@id"])
        guard let label, !label.isEmpty else {
            lineage.note("something that it was derived from has no name; left out")
            return nil
        }
        guard kind == .drop else {
            lineage.note("the \(kind.rawValue) \"\(label)\" is among its origins, but not how; left out")
            return nil
        }
        let name = lineage.name(label, or: label)
        let digest = lineage.digest(CroissantImport.text(origin["undertone:sha256"] ?? origin["sha256"]), of: name)
        return try lineage.add(.init(name: name, digest: digest, facts: .drop(DropFacts(bytes: nil))))
    }
}
