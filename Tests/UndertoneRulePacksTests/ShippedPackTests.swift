// The packs that ship: embedded as they lie in rules/, complete, and listed in the index.

import Foundation
import Testing
import UndertoneCore

@testable import UndertoneRulePacks

@Suite struct ShippedPackTests {
    private static func filesOnDisk() -> [String: String] {
        let folder = packageRoot.appendingPathComponent("rules")
        var files: [String: String] = [:]
        for case let file as URL in FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
            ?? FileManager.DirectoryEnumerator()
        where file.pathExtension == "yaml" || file.pathExtension == "yml" {
            let name = file.deletingPathExtension().path.dropFirst(folder.path.count + 1)
            files[String(name)] = try? String(contentsOf: file, encoding: .utf8)
        }
        return files
    }

    @Test func `the embedded packs are the files under rules`() {
        let files = ShippedPackTests.filesOnDisk()
        #expect(files.keys.sorted() == PackLibrary.shippedNames)
        for (name, text) in files { #expect(ShippedPacks.text(name) == text, "\(name)") }
    }

    @Test("is read, named after its file and says where it comes from", arguments: PackLibrary.shippedNames)
    func complete(name: String) throws {
        let pack = try PackLibrary().pack(name)
        #expect(pack.name == name)
        #expect(!pack.description.isEmpty)
        #expect(pack.source != nil)
        #expect(pack.version.split(separator: ".").count == 3)
        for rule in pack.rules {
            #expect(rule.why != nil, "\(rule.id)")
            #expect(rule.accept.count >= 2 && rule.reject.count >= 2, "\(rule.id)")
            #expect(!rule.tags.isEmpty, "\(rule.id)")
            #expect(rule.reject.contains { $0.reason != nil }, "\(rule.id)")
            #expect(rule.location.file == "rules/\(name).yaml")
        }
    }

    @Test func `the taboo list is the paper's`() throws {
        let taboo = try #require(PackLibrary().pack("numbers").rules.last)
        let numbers = try #require(taboo.parameters.first { $0.key == "numbers" }?.value)
        guard case .list(let items) = numbers.content else { return }
        let values = items.compactMap { item -> Int? in
            guard case .map(let members) = item.content, members.count == 2,
                case .integer(let number) = members[0].value.content
            else { return nil }
            return number
        }
        #expect(
            values == [
                4, 13, 14, 18, 23, 33, 39, 42, 44, 49, 51, 54, 69, 77, 88, 99, 100, 101, 187, 211, 311, 322, 333, 404,
                420,
                444, 451, 555, 616, 666, 777, 888, 911, 999,
            ])
    }

    @Test func `ten animals and ten trees have a rule each`() throws {
        let animals = try PackLibrary().pack("traits/animals").rules.map(\.id.name)
        let trees = try PackLibrary().pack("traits/trees").rules.map(\.id.name)
        #expect(
            animals == [
                "owl", "eagle", "dolphin", "elephant", "wolf", "cat", "dog", "lion", "tiger", "penguin", "unspaced",
            ])
        #expect(
            trees == [
                "oak", "maple", "cherry", "willow", "pine", "redwood", "birch", "sequoia", "bonsai", "baobab",
                "unspaced",
            ])
    }

    @Test func `rules README is the generated index`() throws {
        let packs = try PackLibrary.shippedNames.map { try PackLibrary().pack($0) }
        let index = PackIndex.markdown(packs)
        let file = packageRoot.appendingPathComponent("rules/README.md")
        let written = try? String(contentsOf: file, encoding: .utf8)
        if written == nil || ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
            try Data(index.utf8).write(to: file)
            Issue.record("rules/README.md was written; read it and run the test again")
            return
        }
        #expect(written == index, "RECORD_SNAPSHOTS=1 writes it anew")
    }
}
