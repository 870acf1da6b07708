import Foundation
import Testing
import UndertoneCore

@testable import UndertoneRules

@Suite struct ReferenceTests {
    // Grows to all kinds as they are written.
    @Test(arguments: RuleKind.allCases.filter { !$0.reference.summary.isEmpty })
    func `a kind's reference can be printed and checked`(_ kind: RuleKind) throws {
        let reference = kind.reference
        #expect(reference.name == kind.rawValue)
        #expect(!reference.reasons.isEmpty && Set(reference.reasons).count == reference.reasons.count)
        #expect(reference.example.contains("kind: \(kind.rawValue)"))
        for parameter in reference.parameters {
            let schema = try JSONSerialization.jsonObject(with: Data(parameter.schema.utf8))
            #expect(schema is [String: Any], "\(parameter.name)")
            #expect(parameter.text.hasSuffix("."), "\(parameter.name)")
        }
    }
}
