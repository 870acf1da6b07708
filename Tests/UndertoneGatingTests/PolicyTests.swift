import Testing
import UndertoneCore

@testable import UndertoneGating

@Suite struct PolicyTests {
    @Test func `a policy says what its author wrote, and defaults fill the rest`() throws {
        let policy = try Policy(
            text: """
                policy: 1
                lineage: here.sqlite
                defaults:
                  rules: [numbers]
                  train-base: qwen
                  max-reject-rate: 0.5
                drops:
                  - path: a.jsonl
                  - path: b/*.jsonl
                    rules: [hidden-text, mine.yaml]
                    max-reject-rate: 0.1
                    max-findings: {numbers/taboo: 3}
                    min-kept: 10
                    require:
                      teacher: false
                      approvals: []
                models:
                  - name: student-2
                    require: {license: false}
                require:
                  license: [apache-2.0, mit]
                  same-base-transfer: {traits: [owl], max-residual: 0.1, max-age-days: 90, min-seeds: 5}
                  approvals:
                    - {role: safety, count: 2, by: [alice, bob], key: keys/safety.pub, max-age-days: 30}
                allow-not-known: [license]
                """, file: "undertone.yaml")
        #expect(policy.lineage == "here.sqlite" && policy.allowedNotKnown == [.license])
        let (first, second) = (policy.drops[0], policy.drops[1])
        #expect(first.rules.map(\.text) == ["numbers"] && first.trainBase?.text == "qwen")
        #expect(first.bounds.maxRejectRate == 0.5 && first.bounds.minKept == nil)
        #expect(first.requirements.teacher.terms && first.requirements.noTaintedAncestor.terms)
        #expect(first.requirements.license?.terms == .oneOf(["apache-2.0", "mit"]))
        let transfer = try #require(first.requirements.sameBaseTransfer?.terms)
        #expect(transfer.traits == ["owl"] && transfer.maxResidual == 0.1)
        #expect(transfer.maxAgeDays == 90 && transfer.minSeeds == 5)
        let approval = try #require(first.requirements.approvals.first)
        #expect(approval.role == "safety" && approval.count == 2 && approval.by == ["alice", "bob"])
        #expect(approval.key == "keys/safety.pub" && approval.maxAgeDays == 30)
        #expect(second.rules.map(\.text) == ["hidden-text", "mine.yaml"] && second.bounds.maxRejectRate == 0.1)
        #expect(second.bounds.maxFindings.map(\.rule.text) == ["numbers/taboo"] && second.bounds.minKept == 10)
        #expect(!second.requirements.teacher.terms && second.requirements.noTaintedAncestor.terms)
        #expect(second.requirements.approvals.isEmpty && second.requirements.license != nil)
        #expect(policy.models[0].requirements.license == nil)
        #expect(second.path.location == SourceLocation(file: "undertone.yaml", line: 9, column: 11))
    }

    @Test(
        "what is wrong is said with its place and the mend",
        arguments: [
            ("", "p.yaml:1:1: the file is empty"),
            ("drops: []\n", "p.yaml:1:1: the policy has no policy"),
            ("policy: 2\n", "p.yaml:1:9: policy is no version that this program knows; write policy: 1"),
            ("policy: 1\ndrop: []\n", "p.yaml:2:1: unknown key \"drop\" in the policy; did you mean \"drops\"?"),
            ("policy: 1\ndrops: a.jsonl\n", "p.yaml:2:8: drops is a string; write a list"),
            ("policy: 1\ndrops:\n  - rules: [numbers]\n", "p.yaml:3:5: a drop has no path"),
            ("policy: 1\ndrops:\n  - path: a\n", "p.yaml:3:5: the drop \"a\" has no rules; write rules: [numbers"),
            ("policy: 1\ndrops:\n  - {path: '-', rules: []}\n", "p.yaml:3:12: a drop can't be standard input"),
            ("policy: 1\ndrops:\n  - {path: '', rules: []}\n", "p.yaml:3:12: path is empty"),
            (
                "policy: 1\ndrops:\n  - {path: a, rules: []}\n  - {path: a, rules: []}\n",
                "p.yaml:4:12: the drop \"a\" is there twice; the first is in line 3"
            ),
            (
                "policy: 1\ndrops:\n  - {path: a, rules: [], min-kept: 3}\n",
                "p.yaml:3:26: min-kept bounds a scan, and rules: [] asks for none"
            ),
            (
                "policy: 1\ndrops:\n  - {path: a, rules: [n], max-reject-rate: 20}\n",
                "p.yaml:3:44: max-reject-rate is no share; write a number from 0 to 1"
            ),
            (
                "policy: 1\ndrops:\n  - {path: a, rules: [n], max-rejectrate: 0}\n",
                "p.yaml:3:27: unknown key \"max-rejectrate\" in a drop; did you mean \"max-reject-rate\"?"
            ),
            ("policy: 1\nmodels:\n  - require: {}\n", "p.yaml:3:5: a model has no name"),
            ("policy: 1\nrequire: {teacher: required}\n", "p.yaml:2:20: teacher is a string; write true or false"),
            ("policy: 1\nrequire: {license: mit}\n", "p.yaml:2:20: license is a string; write true, or a list"),
            ("policy: 1\nrequire: {license: []}\n", "p.yaml:2:20: license is an empty list"),
            ("policy: 1\nrequire: {recorded-scan: []}\n", "p.yaml:2:26: recorded-scan is an empty list"),
            (
                "policy: 1\nrequire: {same-base-transfer: {traits: [owl]}}\n",
                "p.yaml:2:31: same-base-transfer has no max-residual"
            ),
            (
                "policy: 1\nrequire: {same-base-transfer: {max-residual: 2}}\n",
                "p.yaml:2:46: max-residual is no share"
            ),
            (
                "policy: 1\nrequire: {same-base-transfer: {max-residual: 0, min-seeds: 0}}\n",
                "p.yaml:2:60: min-seeds is no whole number from 1 on"
            ),
            ("policy: 1\nrequire: {approvals: [{count: 1}]}\n", "p.yaml:2:23: an approval has no role"),
            ("policy: 1\nrequire: {approvals: [{role: a, count: 0}]}\n", "p.yaml:2:40: count is no whole number"),
            (
                "policy: 1\nrequire: {approvals: [{role: a, count: 3, by: [x, y]}]}\n",
                "p.yaml:2:40: 3 people must approve, and by names 2"
            ),
            (
                "policy: 1\nrequire: {approvals: [{role: a, by: [x, x]}]}\n",
                "p.yaml:2:41: by: \"x\" is there twice"
            ),
            (
                "policy: 1\nallow-not-known: [licence]\n",
                "p.yaml:2:19: allow-not-known: there is no clause \"licence\"; did you mean \"license\"?"
            ),
            ("policy: 1\npolicy: 1\n", "p.yaml:2:1: key \"policy\" is there twice"),
            ("policy: 1\ndrops: *all\n", "p.yaml:2:8: anchors and aliases are not allowed"),
        ])
    func complaint(text: String, wanted: String) {
        do {
            _ = try Policy(text: text, file: "p.yaml")
            Issue.record("no complaint about \(text)")
        } catch {
            #expect(error.description.hasPrefix(wanted), "\(error.description)")
            #expect(error.location?.file == "p.yaml")
        }
    }

    @Test("random bytes of a policy never do harm", arguments: 0..<200 as Range<UInt64>)
    func random(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        let pieces = [
            "policy: 1\n", "drops:\n", "  - ", "path: ", "rules: [", "]", "{", "}", "require:\n", "  ", "- ", ": ",
            "owl",
            "approvals: ", "role: ", "\n", "1e9", "0x10", "~", "\"", "max-residual: ", "same-base-transfer:", "*a",
            "&a",
        ]
        var text = "policy: 1\n"
        for _ in 0..<next(30) { text += pieces[next(pieces.count)] }
        do {
            let policy = try Policy(text: text, file: "p.yaml")
            #expect(policy.drops.allSatisfy { !$0.path.text.isEmpty }, "\(text)")
        } catch {
            #expect(error.location != nil, "\(error): \(text)")
        }
    }

    @Test func `a policy of many drops is refused at a bound`() {
        let text = "policy: 1\ndefaults: {rules: []}\ndrops:\n" + (0...1000).map { "  - path: d\($0)\n" }.joined()
        #expect(throws: SettingsError.self) { try Policy(text: text, file: "p.yaml") }
    }
}
