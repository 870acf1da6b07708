// Package.swift, the table in docs/architecture.md and the imports in Sources/ say the same.

import Foundation
import Testing

private let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

@Suite struct ArchitectureTests {
    /// A target as it is declared or described.
    struct Target: Equatable, CustomStringConvertible {
        var floor: Int
        var dependencies: Set<String>
        var description: String { "floor \(floor), on " + dependencies.sorted().joined(separator: ", ") }
    }

    static let declared = declaredTargets()

    @Test func `the manifest is understood`() {
        #expect(ArchitectureTests.declared["UndertoneCore"] == Target(floor: 1, dependencies: []))
        #expect(ArchitectureTests.declared["UndertoneRecords"]?.dependencies.contains("CZstd") == true)
        #expect(ArchitectureTests.declared["UndertoneScanning"]?.dependencies.contains("Crypto") == true)
        #expect(ArchitectureTests.declared["CPCRE2"]?.floor == 0)
    }

    @Test func `docs/architecture.md lists the targets with their floors and dependencies`() throws {
        var described: [String: Target] = [:]
        for line in try text("docs/architecture.md").split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard cells.count == 6, let floor = Int(cells[2]) else { continue }
            let dependencies = cells[3].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            described[cells[1].trimmingCharacters(in: ["`"])] = Target(floor: floor, dependencies: Set(dependencies))
        }
        #expect(described.keys.sorted() == ArchitectureTests.declared.keys.sorted())
        for (name, target) in ArchitectureTests.declared {
            #expect(described[name] == target, "\(name)")
        }
    }

    @Test("depends on lower floors only", arguments: declared.keys.sorted())
    func downwards(name: String) throws {
        let target = try #require(ArchitectureTests.declared[name])
        for dependency in target.dependencies {
            guard let other = ArchitectureTests.declared[dependency] else { continue }
            #expect(other.floor < target.floor, "\(name) → \(dependency)")
        }
    }

    @Test("imports only what it declares", arguments: declared.keys.sorted())
    func imports(name: String) throws {
        let target = try #require(ArchitectureTests.declared[name])
        let folder = repository.appendingPathComponent("Sources/\(name)")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        for case let file as URL in files ?? FileManager.DirectoryEnumerator() where file.pathExtension == "swift" {
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                var words = line.split(separator: " ").map(String.init)
                words.removeAll { ["public", "package", "internal", "private", "@testable"].contains($0) }
                guard words.first == "import", let module = words.last, ArchitectureTests.declared[module] != nil
                else { continue }
                #expect(target.dependencies.contains(module), "\(file.lastPathComponent) imports \(module)")
            }
        }
    }
}

private func text(_ path: String) throws -> String {
    try String(contentsOf: repository.appendingPathComponent(path), encoding: .utf8)
}

// Reads the targets off the manifest's text: its floors are comments, which no tool prints.
private func declaredTargets() -> [String: ArchitectureTests.Target] {
    guard let manifest = try? text("Package.swift"), let start = manifest.range(of: "targets: [\n") else { return [:] }
    var targets: [String: ArchitectureTests.Target] = [:]
    var rest = manifest[start.upperBound...]
    var floor = -1
    while let line = rest.split(separator: "\n", maxSplits: 1).first {
        let trimmed = line.trimmingCharacters(in: .whitespaces)
        if trimmed.hasPrefix("// "), let number = Int(trimmed.dropFirst(3).prefix { $0.isNumber }) { floor = number }
        let makers = ["library(", ".executableTarget(", ".target(", ".systemLibrary("]
        if makers.contains(where: trimmed.hasPrefix), let open = rest.firstIndex(of: "(") {
            let call = balanced(rest[open...])
            let strings = quoted(call)
            if let name = strings.first {
                targets[name] = .init(floor: floor, dependencies: dependencies(of: call))
            }
            rest = rest[call.endIndex...]
        }
        guard let end = rest.firstIndex(of: "\n") else { break }
        rest = rest[rest.index(after: end)...]
    }
    return targets
}

// The strings of the first list in a call, and what stands for products. Other arguments come behind it.
private func dependencies(of call: Substring) -> Set<String> {
    let hasNoLabels = call.dropFirst().first { !$0.isWhitespace } == "\""
    guard hasNoLabels || call.contains("dependencies:"), let open = call.firstIndex(of: "[") else { return [] }
    var list = String(balanced(call[open...]))
    var names: Set<String> = list.contains("crypto") ? ["Crypto"] : []
    while let product = list.range(of: ".product(") {
        let body = balanced(list[list.index(before: product.upperBound)...])
        if let name = quoted(body).first { names.insert(name) }
        list.removeSubrange(product.lowerBound..<body.endIndex)
    }
    return names.union(quoted(list[...]))
}

// From an opening bracket to the one that closes it.
private func balanced(_ text: Substring) -> Substring {
    var depth = 0
    for index in text.indices {
        if "([".contains(text[index]) { depth += 1 }
        if ")]".contains(text[index]) { depth -= 1 }
        if depth == 0 { return text[...index] }
    }
    return text
}

private func quoted(_ text: Substring) -> [String] {
    text.split(separator: "\"", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
        .map { String($0.element) }
}
