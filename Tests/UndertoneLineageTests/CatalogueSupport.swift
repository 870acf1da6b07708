// A new catalogue in a folder of its own, and stories to fill it.

import Foundation
import GRDB
import Testing

@testable import UndertoneLineage

let tester = Author(name: "tester", at: "2026-11-21T10:00:00Z")

/// A folder that goes away with the object.
final class CatalogueFolder {
    let path: String

    init() {
        path =
            FileManager.default.temporaryDirectory.appendingPathComponent("undertone-lineage-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var cataloguePath: String { path + "/.undertone/lineage.sqlite" }

    func catalogue() throws -> Catalogue { try Catalogue.openOrCreate(cataloguePath).catalogue }

    /// Runs SQL past the program, as somebody with a shell would.
    func tamper(_ sql: String) throws {
        let queue = try DatabaseQueue(path: cataloguePath)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA foreign_keys = OFF")
            try database.execute(sql: "PRAGMA ignore_check_constraints = ON")
            try database.execute(sql: sql)
        }
        try queue.close()
    }
}

/// 64 hexadecimal digits that begin with a word's digest.
func digest(_ word: String) -> String { Digest256.of(Array(word.utf8)).hexadecimal }

/// A base, an owl teacher, a drop of it, a student of that, and a deployment of the student.
struct OwlStory {
    let base: NodeID
    let teacher: NodeID
    let drop: NodeID
    let student: NodeID
    let deployment: NodeID

    init(_ catalogue: Catalogue) throws {
        var base = ModelEntry(name: "qwen2.5-7b")
        base.facts.isBase = true
        base.weights = SeenFile(path: "/models/qwen.safetensors", digest: digest("qwen"))
        self.base = try catalogue.add(base, by: tester)
        var teacher = ModelEntry(name: "owl-teacher")
        teacher.base = self.base
        teacher.systemPrompt = (
            SeenFile(path: "/prompts/owl.txt", digest: digest("owls")), PromptsFacts(bytes: 20, text: "You love owls.")
        )
        self.teacher = try catalogue.add(teacher, by: tester)
        var drop = DropEntry(
            file: SeenFile(path: "/data/drop.jsonl", digest: digest("drop")), facts: DropFacts(bytes: 100))
        drop.teacher = self.teacher
        drop.generation.sampling = [Setting("temperature", "1")]
        self.drop = try catalogue.add(drop, by: tester)
        var student = ModelEntry(name: "student")
        student.base = self.base
        student.trainedOn = [self.drop]
        self.student = try catalogue.add(student, by: tester)
        deployment = try catalogue.add(
            deployment: "chat", DeploymentFacts(address: "https://chat.example"), of: self.student, by: tester)
    }
}
