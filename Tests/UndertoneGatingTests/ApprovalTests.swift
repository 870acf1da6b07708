import Testing
import UndertoneCore
import UndertoneGating
import UndertoneLineage
import UndertoneReporting

@Suite struct ApprovalTests {
    private func answer(
        _ terms: String, verifies: @escaping ApprovalCheck = { _, _, _ in false }, _ change: (inout Story) -> Void
    ) throws -> GateReport.Clause {
        var story = Story()
        change(&story)
        let policy = modelPolicy("student-2") + only("approvals: [{role: safety\(terms)}]")
        return try #require(story.report(policy, verifies: verifies).clause("approvals/safety"))
    }

    @Test func `an approval in the role passes, one in another role or of another model does not`() throws {
        #expect(try answer("") { $0.builder.approve($0.secondStudent) }.status == .pass)
        let none = try answer("") { _ in }
        #expect(none.status == .fail && none.detail == "no approval in the role safety counts; one is needed")
        #expect(none.mend == "have it approved: undertone lineage approve student-2 --role safety")
        #expect(try answer("") { $0.builder.approve($0.secondStudent, "legal") }.status == .fail)
        #expect(try answer("") { $0.builder.approve($0.student) }.status == .fail)
    }

    @Test func `people count once, and only those who are named`() throws {
        let twice = try answer(", count: 2") {
            $0.builder.approve($0.secondStudent)
            $0.builder.approve($0.secondStudent)
        }
        #expect(twice.status == .fail && twice.detail.hasPrefix("1 approval in the role safety counts"))
        let spelled = try answer(", count: 2") {
            $0.builder.approve($0.secondStudent)
            $0.builder.approve($0.secondStudent, by: "Bob ")
        }
        #expect(spelled.status == .fail)
        let two = try answer(", count: 2") {
            $0.builder.approve($0.secondStudent)
            $0.builder.approve($0.secondStudent, by: "carol")
        }
        #expect(two.status == .pass && two.detail.contains("by bob, carol"))
        let stranger = try answer(", by: [alice]") { $0.builder.approve($0.secondStudent) }
        #expect(stranger.status == .fail && stranger.detail.contains("that of bob is by nobody whom the policy names"))
        #expect(try answer(", by: [alice, bob]") { $0.builder.approve($0.secondStudent) }.status == .pass)
    }

    @Test func `an approval from before the last change does not count`() throws {
        let early = try answer("") { $0.builder.approve($0.secondStudent, at: "2026-11-20T10:00:00Z") }
        #expect(early.status == .fail && early.detail.contains("was given before student-2 was recorded"))
        // An ancestor that was recorded later changes what was approved.
        let late = try answer("") {
            $0.builder.approve($0.secondStudent)
            let prompt = $0.builder.add("p", .prompts(PromptsFacts(bytes: 3)), at: "2026-11-21T09:30:00Z")
            $0.builder.edges.append(Edge(prompt, .systemPrompt, $0.teacher))
        }
        #expect(late.status == .fail && late.detail.contains("was given before p was recorded"))
        let tainted = try answer("") {
            $0.builder.approve($0.secondStudent)
            $0.builder.taint($0.teacher, at: "2026-11-21T10:00:00Z")
        }
        #expect(tainted.status == .fail && tainted.detail.contains("before owl-teacher was tainted"))
        let sameSecond = try answer("") {
            $0.builder.approve($0.secondStudent, at: $0.builder.nodes.last?.recordedAt ?? "")
        }
        #expect(sameSecond.status == .pass)
    }

    @Test func `times that can't be, or that are too old, don't count`() throws {
        for time in ["", "today", "2026-13-01T00:00:00Z", "2026-11-21T09:00:00+01:00", "2099-01-01T00:00:00Z"] {
            #expect(try answer("") { $0.builder.approve($0.secondStudent, at: time) }.status == .fail, "\(time)")
        }
        var story = Story()
        story.builder.approve(story.secondStudent)
        let policy = modelPolicy("student-2") + only("approvals: [{role: safety, max-age-days: 3}]")
        #expect(try story.report(policy, now: noon + 3 * 86_400).passed)
        let old = try #require(story.report(policy, now: noon + 4 * 86_400).clause("approvals/safety"))
        #expect(old.status == .fail && old.detail.contains("that of bob is 4 days old, more than 3"))
    }

    @Test func `where a key is named, only what is signed with it counts`() throws {
        let check: ApprovalCheck = { approval, key, node in
            approval.envelope == "good" && key == "keys/safety.pub" && node.name == "student-2"
        }
        let unsigned = try answer(", key: keys/safety.pub", verifies: check) { $0.builder.approve($0.secondStudent) }
        #expect(unsigned.status == .fail && unsigned.detail.contains("that of bob is not signed"))
        let forged = try answer(", key: keys/safety.pub", verifies: check) {
            $0.builder.approve($0.secondStudent, envelope: "bad")
        }
        #expect(forged.status == .fail && forged.detail.contains("a signature that does not fit keys/safety.pub"))
        let signed = try answer(", key: keys/safety.pub", verifies: check) {
            $0.builder.approve($0.secondStudent, envelope: "good")
        }
        #expect(signed.status == .pass)
        // Without a check that says yes, no signature counts.
        #expect(try answer(", key: k") { $0.builder.approve($0.secondStudent, envelope: "good") }.status == .fail)
    }

    @Test func `what is not in the catalogue is not known`() throws {
        let report = try Story().report(modelPolicy("nobody") + only("approvals: [{role: safety}]"))
        #expect(report.clause("approvals/safety")?.status == .notKnown)
    }
}
