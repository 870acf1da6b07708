// What users read is complete: commands, options, rule kinds and rules occur in it, and its links lead somewhere.

import Foundation
import Testing
import UndertoneCore
import UndertoneRulePacks
import UndertoneRules
import UndertoneScanning

@Suite struct DocsTests {
    static let pages = markdownFiles()
    static let sources = (try? commandSources()) ?? []
    /// What a user looks things up in.
    static let manual = pages.filter { $0 == "README.md" || $0.hasPrefix("docs/") }.map { text($0) }.joined()

    @Test func `there is something to read`() {
        #expect(DocsTests.pages.contains("README.md") && DocsTests.pages.contains("docs/rules.md"))
        #expect(DocsTests.sources.contains { $0.contains("struct ScanCommand") })
    }

    @Test("is described", arguments: subcommands())
    func command(name: String) {
        #expect(DocsTests.manual.contains("undertone \(name)"))
    }

    @Test("is described", arguments: scanOptions())
    func option(name: String) {
        let isThere = DocsTests.manual.ranges(of: name).contains { range in
            // --kept is not described by --kept-something.
            guard range.upperBound < DocsTests.manual.endIndex else { return true }
            let next = DocsTests.manual[range.upperBound]
            return !next.isLetter && next != "-"
        }
        #expect(isThere)
    }

    @Test("is described", arguments: RuleKind.allCases.map(\.rawValue))
    func kind(name: String) {
        #expect(text("docs/rule-kinds.md").contains("\n## \(name)\n"))
        #expect(text("docs/rules.md").contains("`\(name)`"))
    }

    @Test("lists its rules in rules/README.md", arguments: PackLibrary.shippedNames)
    func pack(name: String) throws {
        let index = text("rules/README.md")
        let start = try #require(index.range(of: "\n## \(name)\n"))
        let section = index[start.upperBound...].split(separator: "\n## ", maxSplits: 1).first ?? ""
        for rule in try PackLibrary().pack(name).rules where rule.id.pack == name {
            #expect(section.contains("`\(rule.id.name)`"), "\(rule.id)")
        }
        #expect(DocsTests.manual.contains("`\(name)`"), "\(name) is not in the manual")
    }

    @Test("shows packs that pass their own tests", arguments: pages)
    func examplePacks(page: String) throws {
        for block in codeBlocks("yaml", in: text(page)) where "\n\(block)".contains("\npack: ") {
            let result = try testExamples(of: PackLibrary().pack(text: block, file: page))
            #expect(result.passed && result.warnings.isEmpty, "\(page): \(result.failures) \(result.warnings)")
        }
    }

    @Test("has links that lead somewhere", arguments: pages)
    func links(page: String) {
        for link in relativeLinks(in: text(page)) {
            let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let here = repository.appendingPathComponent(page)
            let target =
                parts[0].isEmpty ? here : here.deletingLastPathComponent().appendingPathComponent(parts[0])
            #expect(FileManager.default.fileExists(atPath: target.path), "\(link)")
            guard parts.count > 1, target.pathExtension == "md" else { continue }
            let wanted = try? String(contentsOf: target, encoding: .utf8)
            #expect(anchors(of: wanted ?? "").contains(parts[1]), "\(link)")
        }
    }
}

private func text(_ path: String) -> String {
    (try? String(contentsOf: repository.appendingPathComponent(path), encoding: .utf8)) ?? ""
}

// Folders of tools and builds hold pages of others.
private func markdownFiles() -> [String] {
    let files = FileManager.default.enumerator(at: repository, includingPropertiesForKeys: nil)
    var paths: [String] = []
    while let file = files?.nextObject() as? URL {
        let name = file.lastPathComponent
        if name.hasPrefix(".") || name == "demo-output" {
            files?.skipDescendants()
        } else if file.pathExtension == "md" {
            paths.append(String(file.path.dropFirst(repository.path.count + 1)))
        }
    }
    return paths.sorted()
}

private func commandSources() throws -> [String] {
    let folder = repository.appendingPathComponent("Sources/UndertoneCLI")
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        .filter { $0.pathExtension == "swift" }.map { try String(contentsOf: $0, encoding: .utf8) }
}

// Commands as they are typed: those of `rules` stand behind it.
private func subcommands() -> [String] {
    DocsTests.sources.flatMap { source -> [String] in
        let names = source.matches(of: /commandName: "([a-z-]+)"/).map { String($0.output.1) }
        if names == ["same-base"] { return ["lineage same-base"] }
        guard names.first == "rules" else { return names.filter { $0 != "undertone" } }
        return ["rules"] + names.dropFirst().map { "rules \($0)" }
    }.sorted()
}

// The long options that the properties of `ScanCommand` stand for.
private func scanOptions() -> [String] {
    guard let source = DocsTests.sources.first(where: { $0.contains("struct ScanCommand") }) else { return [] }
    var options: [String] = []
    var isOption = false
    for line in source.split(separator: "\n") {
        let words = line.split { " :=".contains($0) }
        if line.contains("@Option") || line.contains("@Flag") { isOption = true }
        guard isOption, words.first == "var", words.count > 1 else { continue }
        isOption = false
        options.append("--" + words[1].reduce(into: "") { $0 += $1.isUppercase ? "-\($1.lowercased())" : String($1) })
    }
    return options
}

private func codeBlocks(_ language: String, in page: String) -> [String] {
    page.split(separator: "\n```\(language)\n").dropFirst().compactMap { rest in
        rest.split(separator: "\n```", maxSplits: 1).first.map(String.init)
    }
}

private func relativeLinks(in page: String) -> [String] {
    var isCode = false
    var links: [String] = []
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
        if line.hasPrefix("```") { isCode.toggle() }
        guard !isCode else { continue }
        links += line.matches(of: /\]\(([^)\s]+)\)/).map { String($0.output.1) }
    }
    return links.filter { !$0.contains("://") && !$0.hasPrefix("mailto:") }
}

// As GitHub makes them from headings.
private func anchors(of page: String) -> Set<String> {
    Set(
        page.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
            line.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
                .filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
                .split(separator: " ", omittingEmptySubsequences: false).joined(separator: "-")
        })
}
