import Testing
import UndertoneCore
import UndertoneGating
import UndertoneLineage
import UndertoneReporting

@Suite struct ReviewClauseTests {
    private func answer(
        _ terms: String = "people: 1", now: Int = noon, _ change: (inout Story) -> Void
    ) throws -> GateReport.Clause {
        var story = Story()
        change(&story)
        let policy = dropPolicy("kept.jsonl") + only("reviews: {\(terms)}")
        return try #require(story.report(policy, now: now).clause("reviews"))
    }

    @Test func `a finished review of exactly this drop passes, one of another drop or an open one does not`() throws {
        #expect(try answer { $0.builder.review($0.kept) }.status == .pass)
        let none = try answer { _ in }
        #expect(none.status == .fail && none.detail == "no review of kept.jsonl counts; one is needed")
        #expect(none.mend == "have it reviewed: undertone review kept.jsonl --by NAME")
        #expect(try answer { $0.builder.review($0.raw) }.status == .fail)
        let open = try answer { $0.builder.review($0.kept, at: nil) }
        #expect(open.status == .fail && open.detail.hasSuffix("that of bob is not finished"))
    }

    @Test func `people count once, and only those who are named`() throws {
        for other in ["bob", "Bob ", "B ob"] {
            let twice = try answer("people: 2") {
                $0.builder.review($0.kept)
                $0.builder.review($0.kept, by: other, at: "2026-11-21T09:30:00Z")
            }
            #expect(twice.status == .fail && twice.detail.hasPrefix("1 review of kept.jsonl counts"), "\(other)")
        }
        let two = try answer("people: 2") {
            $0.builder.review($0.kept)
            $0.builder.review($0.kept, by: "carol")
        }
        #expect(two.status == .pass && two.detail == "reviewed by bob, carol; 2 are needed")
        let stranger = try answer("people: 1, by: [alice]") { $0.builder.review($0.kept) }
        #expect(stranger.status == .fail && stranger.detail.contains("that of bob is by nobody whom the policy names"))
        #expect(try answer("people: 1, by: [alice, Bob]") { $0.builder.review($0.kept) }.status == .pass)
    }

    @Test func `whoever rejects an item stops the drop, however many found nothing, until they review again`() throws {
        for decision in [Review.Item.Decision.reject, .rule] {
            let stopped = try answer {
                $0.builder.review($0.kept, by: "alice")
                $0.builder.review($0.kept, by: "carol")
                $0.builder.review($0.kept, [.fine, decision])
            }
            #expect(stopped.status == .fail && stopped.detail.contains("bob rejected items of kept.jsonl"))
            let item = try #require(stopped.evidence.first { $0.text == "item 2 of number 3" })
            #expect(item.facts.contains(.init("text", "owl 1")))
            #expect(item.facts.contains(.init("decision", decision.rawValue)))
        }
        let again = try answer {
            $0.builder.review($0.kept, [.fine, .reject])
            $0.builder.review($0.kept, by: "BOB", at: "2026-11-21T10:00:00Z")
        }
        #expect(again.status == .pass)
        let worse = try answer {
            $0.builder.review($0.kept)
            $0.builder.review($0.kept, at: "2026-11-21T10:00:00Z", [.fine, .reject])
        }
        #expect(worse.status == .fail)
        #expect(try answer("people: 1, max-rejected: 1") { $0.builder.review($0.kept, [.reject]) }.status == .pass)
    }

    @Test func `a rejection does not grow old, and a change does not lift it`() throws {
        let policy = "people: 1, max-age-days: 3"
        let old = try answer(policy, now: noon + 40 * 86_400) {
            $0.builder.review($0.kept, [.reject])
            $0.builder.review($0.kept, by: "carol", at: "2026-12-30T09:00:00Z")
        }
        #expect(old.status == .fail && old.detail.contains("bob rejected"))
        let changed = try answer {
            $0.builder.review($0.kept, [.reject])
            $0.builder.taint($0.teacher, at: "2026-11-21T10:00:00Z")
            $0.builder.review($0.kept, by: "carol", at: "2026-11-21T11:00:00Z")
        }
        #expect(changed.status == .fail && changed.detail.contains("bob rejected"))
    }

    @Test func `rejections of strangers and of open reviews are shown and block nothing`() throws {
        let clause = try answer("people: 1, by: [bob]") {
            $0.builder.review($0.kept)
            $0.builder.review($0.kept, by: "mallory", [.reject])
            $0.builder.review($0.kept, by: "bob", at: nil, [.reject])
        }
        #expect(clause.status == .pass && clause.evidence.count == 3)
    }

    @Test func `what was left undecided, what is too old, from before the last change or to come does not count`()
        throws
    {
        let undecided = try answer { $0.builder.review($0.kept, [.fine], items: 4) }
        #expect(undecided.status == .fail && undecided.detail.contains("leaves 3 items undecided, more than 0"))
        let allowed = try answer("people: 1, max-undecided: 3") { $0.builder.review($0.kept, [.fine], items: 4) }
        #expect(allowed.status == .pass)
        let old = try answer("people: 1, max-age-days: 3", now: noon + 4 * 86_400) { $0.builder.review($0.kept) }
        #expect(old.status == .fail && old.detail.contains("that of bob is 4 days old, more than 3"))
        let before = try answer {
            $0.builder.review($0.kept)
            $0.builder.taint($0.teacher, at: "2026-11-21T10:00:00Z")
        }
        #expect(before.status == .fail && before.detail.contains("before owl-teacher was tainted"))
        for time in ["", "today", "2099-01-01T00:00:00Z"] {
            #expect(try answer { $0.builder.review($0.kept, at: time) }.status == .fail, "\(time)")
        }
        // One from the future is nobody's last word.
        let future = try answer {
            $0.builder.review($0.kept, [.reject])
            $0.builder.review($0.kept, at: "2099-01-01T00:00:00Z")
        }
        #expect(future.status == .fail && future.detail.contains("bob rejected"))
    }

    @Test func `of a model, every drop that it was trained on must be reviewed`() throws {
        var story = Story()
        let policy = modelPolicy("student") + only("reviews: {people: 1}")
        #expect(try story.report(policy).clause("reviews")?.status == .fail)
        story.builder.review(story.kept)
        #expect(try story.report(policy).clause("reviews")?.status == .pass)
    }

    @Test func `what is not in the catalogue is not known`() throws {
        let report = try Story().report(dropPolicy("other.jsonl") + only("reviews: {people: 1}"))
        #expect(report.clause("reviews")?.status == .notKnown)
    }

    @Test func `more people than are named is refused`() {
        let text = "policy: 1\nrequire: {reviews: {people: 2, by: [x, X ]}}\n"
        let error = #expect(throws: SettingsError.self) { try Policy(text: text, file: "p.yaml") }
        #expect(error?.description.contains("2 people must review, and by names 1") == true)
    }
}
