import Testing
import UndertoneCore
import UndertoneGating
import UndertoneLineage
import UndertoneReporting

@Suite struct TransferTests {
    let rule = only("same-base-transfer: {traits: [owl], max-residual: 0.1, max-age-days: 30, min-seeds: 5}")

    private func answer(
        base: String? = "qwen", _ name: String = "kept.jsonl", _ change: (inout Story) -> Void = { _ in }
    ) throws -> GateReport.Clause {
        var story = Story()
        change(&story)
        return try #require(story.report(dropPolicy(name, base: base) + rule).clause("same-base-transfer"))
    }

    @Test func `another base needs no measurement`() throws {
        let clause = try answer(base: "gpt")
        #expect(clause.status == .pass && clause.detail == "its teacher owl-teacher shares no base with gpt")
    }

    @Test func `the same base without a measurement is not known, and says who shares what`() throws {
        let clause = try answer()
        #expect(clause.status == .notKnown)
        #expect(clause.detail == "its teacher owl-teacher and qwen share the base qwen; owl was not measured")
    }

    @Test func `a measurement whose interval ends below the bound passes`() throws {
        let clause = try answer { $0.builder.measured([$0.kept, $0.qwen], "owl", 0.02, -0.01, 0.06) }
        #expect(clause.status == .pass, "\(clause.detail)")
        #expect(clause.detail.hasSuffix("owl 0.020 (95 % interval -0.010 to 0.060) stays below 0.1"))
        #expect(clause.evidence.contains { $0.kind == .measurement })
    }

    @Test("an interval that reaches the bound fails", arguments: [0.1, 0.11, 0.9])
    func tooMuch(high: Double) throws {
        let clause = try answer { $0.builder.measured([$0.kept, $0.qwen], "owl", 0.02, 0, high) }
        #expect(clause.status == .fail, "\(clause.detail)")
    }

    @Test func `what can't be measured is not known`() throws {
        let nothing = try answer { $0.builder.measured([$0.kept, $0.qwen], "owl", nil) }
        #expect(nothing.status == .notKnown && nothing.detail.contains("was not measurable"))
        let noInterval = try answer { $0.builder.measured([$0.kept, $0.qwen], "owl", 0.01) }
        #expect(noInterval.status == .notKnown && noInterval.detail.contains("has no interval"))
        let odd = try answer { $0.builder.measured([$0.kept, $0.qwen], "owl", .nan, .nan, .nan) }
        #expect(odd.status == .notKnown)
        let wrong = try answer { $0.builder.measured([$0.kept, $0.qwen], "owl", 0.9, 0, 0.01) }
        #expect(wrong.status == .notKnown && wrong.detail.contains("contradicts itself"))
    }

    @Test func `only measurements of this drop, with students of this base, count`() throws {
        let raw = try answer { $0.builder.measured([$0.raw, $0.qwen], "owl", 0.01, 0, 0.02) }
        #expect(raw.status == .notKnown && raw.detail.contains("owl was not measured"))
        let noBase = try answer { $0.builder.measured([$0.kept], "owl", 0.01, 0, 0.02) }
        #expect(noBase.status == .notKnown && noBase.detail.contains("does not say from which base"))
        let otherBase = try answer { $0.builder.measured([$0.kept, $0.gpt], "owl", 0.01, 0, 0.02) }
        #expect(otherBase.status == .notKnown && otherBase.detail.contains("was made with gpt"))
        let filtered = try answer("drop.jsonl") {
            $0.builder.measured([$0.raw, $0.kept, $0.qwen], "owl", 0.01, 0, 0.02)
        }
        #expect(
            filtered.status == .notKnown && filtered.detail.contains("is one of kept.jsonl, which was filtered from it")
        )
        let both = try answer { $0.builder.measured([$0.raw, $0.kept, $0.qwen], "owl", 0.01, 0, 0.02) }
        #expect(both.status == .pass, "\(both.detail)")
        let otherTrait = try answer { $0.builder.measured([$0.kept, $0.qwen], "cat", 0.01, 0, 0.02) }
        #expect(otherTrait.status == .notKnown)
    }

    @Test func `old measurements and those of few seeds don't count`() throws {
        let old = try answer {
            $0.builder.measured([$0.kept, $0.qwen], "owl", 0.01, 0, 0.02, at: "2026-10-01T00:00:00Z")
        }
        #expect(old.status == .notKnown && old.detail.contains("is 51 days old, more than 30"))
        let timeless = try answer { $0.builder.measured([$0.kept, $0.qwen], "owl", 0.01, 0, 0.02, at: "yesterday") }
        #expect(timeless.status == .notKnown)
        let few = try answer { $0.builder.measured([$0.kept, $0.qwen], "owl", 0.01, 0, 0.02, seeds: 4) }
        #expect(few.status == .notKnown && few.detail.contains("has 4 seeds, fewer than 5"))
        let none = try answer { $0.builder.measured([$0.kept, $0.qwen], "owl", 0.01, 0, 0.02, seeds: nil) }
        #expect(none.status == .notKnown)
    }

    @Test func `of several measurements the one with the most seeds decides, then the last`() throws {
        let repeated = try answer {
            $0.builder.measured([$0.kept, $0.qwen], "owl", 0.5, 0.4, 0.6, seeds: 20)
            $0.builder.measured([$0.kept, $0.qwen], "owl", 0.01, 0, 0.02, seeds: 10)
        }
        #expect(repeated.status == .fail, "\(repeated.detail)")
        let last = try answer {
            $0.builder.measured([$0.kept, $0.qwen], "owl", 0.5, 0.4, 0.6)
            $0.builder.measured([$0.kept, $0.qwen], "owl", 0.01, 0, 0.02)
        }
        #expect(last.status == .pass, "\(last.detail)")
    }

    @Test func `without a named trait any counts, and all must stay below`() throws {
        let any = only("same-base-transfer: {max-residual: 0.1}")
        var story = Story()
        func status() throws -> GateReport.Status? {
            try story.report(dropPolicy("kept.jsonl", base: "qwen") + any).clause("same-base-transfer")?.status
        }
        #expect(try status() == .notKnown)
        story.builder.measured([story.kept, story.qwen], "owl", 0.01, 0, 0.02)
        #expect(try status() == .pass)
        story.builder.measured([story.kept, story.qwen], "cat", 0.5, 0.4, 0.6)
        #expect(try status() == .fail)
    }

    @Test func `who will be trained, and where weights began, must be known`() throws {
        #expect(try answer(base: nil).detail == "the policy does not say which model will be trained on it")
        #expect(try answer(base: "nobody").status == .notKnown)
        let open = try answer(base: "found") { _ = $0.builder.model("found") }
        #expect(open.status == .notKnown && open.detail == "nobody said where the weights of found began")
        let undeclared = try answer("stray.jsonl") { _ = $0.builder.drop("stray.jsonl") }
        #expect(undeclared.status == .notKnown && undeclared.detail == "nobody said which model wrote stray.jsonl")
    }

    @Test func `two entries with the same weights are one base`() throws {
        let clause = try answer(base: "copy") {
            _ = $0.builder.model("copy", isBase: true, digest: digest(of: "qwen weights"))
        }
        #expect(clause.status == .notKnown && clause.detail.contains("share the base qwen"), "\(clause.detail)")
    }

    @Test func `a student is asked about each drop that its weights went through`() throws {
        var story = Story()
        let policy = modelPolicy("student-2") + rule
        #expect(try story.report(policy).clause("same-base-transfer")?.status == .notKnown)
        story.builder.measured([story.second, story.qwen], "owl", 0.01, 0, 0.02)
        #expect(try story.report(policy).passed)
        let third = story.builder.trained("student-3", from: story.student, on: [story.second])
        _ = third
        let clause = try #require(story.report(modelPolicy("student-3") + rule).clause("same-base-transfer"))
        #expect(clause.status == .notKnown && clause.detail.hasPrefix("not known for 1 of 2 drops"), "\(clause.detail)")
        #expect(try story.report(modelPolicy("gpt") + rule).passed)
    }

    @Test func `a policy that does not ask although teacher and student share a base is told so`() throws {
        let story = Story()
        let report = try story.report(dropPolicy("kept.jsonl", base: "qwen") + only("teacher: true"))
        #expect(report.passed && report.notes.contains { $0.contains("shares its base with qwen") })
        let other = try story.report(dropPolicy("kept.jsonl", base: "gpt") + only("teacher: true"))
        #expect(!other.notes.contains { $0.contains("shares its base") })
    }
}
