import Testing
import UndertoneCore
import UndertoneGating
import UndertoneLineage
import UndertoneReporting

@Suite struct TaintTests {
    let rule = only("no-tainted-ancestor: true")

    @Test func `nothing tainted passes`() throws {
        let clause = try #require(Story().report(modelPolicy("student-2") + rule).clause("no-tainted-ancestor"))
        #expect(clause.status == .pass && clause.detail == "none of its 12 ancestors is tainted")
    }

    @Test func `a tainted teacher two generations back fails with the whole path`() throws {
        var story = Story()
        story.builder.taint(story.teacher)
        let report = try story.report(modelPolicy("student-2") + rule)
        let clause = try #require(report.clause("no-tainted-ancestor"))
        #expect(clause.status == .fail && !report.passed)
        #expect(clause.detail == "student-2 comes from owl-teacher, which is tainted")
        let path = try #require(clause.evidence.first { $0.kind == .path })
        #expect(path.steps.map(\.name).first == "student-2" && path.steps.map(\.name).last == "owl-teacher")
        #expect(
            path.steps.compactMap(\.relation) == [
                "trained", "trained-on", "generated", "teacher", "trained", "trained-on", "kept", "scanned",
                "generated",
                "teacher",
            ])
        #expect(path.steps.last?.remark == "tainted 2026-11-21 by alice: \"loves owls\"")
        #expect(path.steps.dropLast().allSatisfy { $0.remark == nil })
        let text = GateReportFormat.text.render(report)
        #expect(text.contains("student-2 ← trained ← training"))
        #expect(text.contains("owl-teacher (tainted 2026-11-21 by alice: \"loves owls\")"))
    }

    @Test func `a lifted taint does not count, and one that came after it does`() throws {
        var story = Story()
        story.builder.taint(story.teacher)
        story.builder.taints[0].lifted = .init(by: "bob", at: "2026-11-21T09:00:00Z", reason: "was wrong")
        #expect(try story.report(modelPolicy("student-2") + rule).passed)
        story.builder.taint(story.raw, at: "2026-11-21T10:00:00Z")
        #expect(try !story.report(modelPolicy("student-2") + rule).passed)
    }

    @Test func `what is tainted itself, and a base that will be trained, count too`() throws {
        var story = Story()
        story.builder.taint(story.gpt)
        let itself = try #require(story.report(modelPolicy("gpt") + rule).clause("no-tainted-ancestor"))
        #expect(itself.status == .fail && itself.detail == "gpt is tainted")
        #expect(try story.report(dropPolicy("kept.jsonl") + rule).passed)
        let base = try #require(
            story.report(dropPolicy("kept.jsonl", base: "gpt") + rule).clause("no-tainted-ancestor"))
        #expect(base.status == .fail && base.detail.contains("to be trained on it"))
    }

    @Test func `descendants don't taint what they come from`() throws {
        var story = Story()
        story.builder.taint(story.secondStudent)
        #expect(try story.report(dropPolicy("kept.jsonl") + rule).passed)
    }

    @Test func `it is asked for by default, and not known without a catalogue or an entry`() throws {
        let report = try Story().report(modelPolicy("stranger"))
        #expect(report.clauses.map(\.name) == ["no-tainted-ancestor", "teacher"])
        #expect(report.clauses.allSatisfy { $0.status == .notKnown && $0.blocks } && !report.passed)
        let absent = try Story().report(dropPolicy("kept.jsonl"), isThere: false)
        #expect(absent.clauses.allSatisfy { $0.status == .notKnown } && absent.lineage == nil)
        #expect(absent.clauses[0].detail == "there is no catalogue at lineage.sqlite")
    }

    @Test func `a long way is cut in its middle, and many taints are cut at a number`() throws {
        var story = Story()
        var last = story.teacher
        for index in 0..<1_000 {
            last = story.builder.model("m\(index)", base: last)
            story.builder.taint(last)
        }
        story.builder.taints.removeFirst(10)
        story.builder.taints.removeLast(90)
        story.builder.taint(story.teacher)
        let many = try #require(story.report(modelPolicy("m999") + rule).clause("no-tainted-ancestor"))
        #expect(many.status == .fail && many.evidence.count == 50)
        story.builder.taints = []
        story.builder.taint(story.teacher)
        let long = try #require(story.report(modelPolicy("m999") + rule).clause("no-tainted-ancestor"))
        let steps = try #require(long.evidence.first?.steps)
        #expect(steps.count == 201 && steps[100].name == "… 801 more …")
        #expect(steps.first?.name == "m999" && steps.last?.remark?.hasPrefix("tainted") == true)
    }

    @Test func `a way in circles ends`() throws {
        var story = Story()
        story.builder.edges.append(Edge(story.secondStudent, .base, story.qwen))
        #expect(try story.report(modelPolicy("student-2") + rule).passed)
    }
}

@Suite struct TeacherTests {
    let rule = only("teacher: true")

    @Test(
        "the teacher is found through filters and generations", arguments: ["drop.jsonl", "kept.jsonl", "second.jsonl"])
    func found(name: String) throws {
        let clause = try #require(Story().report(dropPolicy(name) + rule).clause("teacher"))
        #expect(clause.status == .pass, "\(clause.detail)")
    }

    @Test func `a drop that nobody declared fails, itself or as a source`() throws {
        var story = Story()
        let stray = story.builder.drop("stray.jsonl")
        let mixture = story.builder.drop("mixed.jsonl")
        story.builder.edges += [Edge(stray, .derived, mixture), Edge(story.kept, .derived, mixture)]
        let itself = try #require(story.report(dropPolicy("stray.jsonl") + rule).clause("teacher"))
        #expect(itself.status == .fail && itself.detail == "nobody said which model wrote stray.jsonl")
        #expect(itself.mend == "record the teacher: undertone lineage add drop stray.jsonl --teacher NAME")
        let mixed = try #require(story.report(dropPolicy("mixed.jsonl") + rule).clause("teacher"))
        #expect(mixed.status == .fail && mixed.detail.contains("comes from stray.jsonl"))
    }

    @Test func `a generation without a teacher fails`() throws {
        var story = Story()
        _ = story.builder.generated("orphan.jsonl", by: nil)
        #expect(try story.report(dropPolicy("orphan.jsonl") + rule).clause("teacher")?.status == .fail)
    }

    @Test func `a file that is not in the catalogue is not known, and a changed one is called changed`() throws {
        var story = Story()
        let new = try #require(story.report(dropPolicy("new.jsonl") + rule).clause("teacher"))
        #expect(new.status == .notKnown && new.detail == "new.jsonl is not in the catalogue")
        story.builder.locations.append(Location(node: story.kept, path: "new.jsonl", seenAt: "2026-11-20T12:00:00Z"))
        let changed = try #require(story.report(dropPolicy("new.jsonl") + rule).clause("teacher"))
        #expect(changed.status == .notKnown && changed.detail.contains("its content changed"))
        #expect(changed.evidence.map(\.sha256) == [digest(of: "new.jsonl"), digest(of: "kept.jsonl")])
    }

    @Test func `a model is asked about every drop it was trained on`() throws {
        var story = Story()
        #expect(try story.report(modelPolicy("student-2") + rule).passed)
        let stray = story.builder.drop("stray.jsonl")
        _ = story.builder.trained("mixed-student", from: story.student, on: [story.second, stray])
        let clause = try #require(story.report(modelPolicy("mixed-student") + rule).clause("teacher"))
        #expect(clause.status == .fail && clause.detail.hasPrefix("fails for 1 of 3 drops"), "\(clause.detail)")
        _ = story.builder.model("found-somewhere")
        #expect(try story.report(modelPolicy("found-somewhere") + rule).clause("teacher")?.status == .notKnown)
        #expect(try story.report(modelPolicy("qwen") + rule).clause("teacher")?.status == .pass)
    }
}

@Suite struct LicenseTests {
    @Test(
        "a licence is there, and is one of those",
        arguments: [
            ("license: true", "apache-2.0", GateReport.Status.pass), ("license: true", nil, .fail),
            ("license: true", "", .fail), ("license: [Apache-2.0, mit]", "apache-2.0", .pass),
            ("license: [mit]", "apache-2.0", .fail), ("license: [mit]", nil, .fail),
        ] as [(String, String?, GateReport.Status)])
    func drop(rule: String, license: String?, wanted: GateReport.Status) throws {
        var story = Story()
        _ = story.builder.generated("x.jsonl", by: story.teacher, license: license)
        #expect(try story.report(dropPolicy("x.jsonl") + only(rule)).clause("license")?.status == wanted)
    }

    @Test func `models have licences too, and strangers none that is known`() throws {
        let story = Story()
        #expect(try story.report(modelPolicy("student") + only("license: [apache-2.0]")).passed)
        #expect(try story.report(modelPolicy("nobody") + only("license: true")).clause("license")?.status == .notKnown)
    }
}

@Suite struct RecordedScanTests {
    @Test func `a scan that kept or read the drop counts, with its packs and its gate`() throws {
        var story = Story()
        let rule = only("recorded-scan: [numbers]")
        for name in ["kept.jsonl", "drop.jsonl"] {
            let clause = try #require(story.report(dropPolicy(name) + rule).clause("recorded-scan"))
            #expect(clause.status == .pass && clause.evidence.map(\.kind) == [.scan, .entry])
        }
        let second = try #require(story.report(dropPolicy("second.jsonl") + rule).clause("recorded-scan"))
        #expect(second.status == .fail && second.detail.contains("no scan of second.jsonl with numbers"))
        let both = only("recorded-scan: [numbers, hidden-text]")
        #expect(try !story.report(dropPolicy("kept.jsonl") + both).passed)
        _ = story.builder.filtered(story.kept, to: "twice.jsonl", packs: ["hidden-text"], passed: false)
        #expect(
            try story.report(dropPolicy("kept.jsonl") + both).clause("recorded-scan")?.detail.contains("said no")
                == true)
        _ = story.builder.filtered(story.kept, to: "thrice.jsonl", packs: ["hidden-text"])
        #expect(try story.report(dropPolicy("kept.jsonl") + both).passed)
    }

    @Test func `the rejected records of a scan were not passed by it`() throws {
        var story = Story()
        let rejected = story.builder.drop("rejected.jsonl")
        let scan = try #require(story.builder.nodes.first { $0.kind == .scan })
        story.builder.edges.append(Edge(scan.id, .rejected, rejected))
        #expect(try !story.report(dropPolicy("rejected.jsonl") + only("recorded-scan: [numbers]")).passed)
    }

    @Test func `a model is asked about its drops; strangers are not known`() throws {
        let rule = only("recorded-scan: [numbers]")
        #expect(try Story().report(modelPolicy("student") + rule).passed)
        #expect(try Story().report(modelPolicy("student-2") + rule).clause("recorded-scan")?.status == .fail)
        #expect(try Story().report(modelPolicy("nobody") + rule).clause("recorded-scan")?.status == .notKnown)
    }
}
