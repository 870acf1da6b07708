import Testing
import UndertoneLineage

/// A graph whose nodes are known by kind, name and digest: what must be the same in every catalogue.
private func shape(_ nodes: [(Facts, String, String?)], _ edges: [(Int, Relation, Int)]) -> Set<String> {
    func name(_ index: Int) -> String { "\(nodes[index].0.kind) \(nodes[index].1) \(nodes[index].2 ?? "-")" }
    return Set(nodes.indices.map(name) + edges.map { "\(name($0.0)) -\($0.1)-> \(name($0.2))" })
}

private func shape(_ imported: ImportedLineage) -> Set<String> {
    shape(
        imported.nodes.map { ($0.facts, $0.name, $0.digest) },
        imported.edges.map { ($0.source, $0.relation, $0.target) })
}

private func shape(_ snapshot: LineageSnapshot) -> Set<String> {
    let places = Dictionary(uniqueKeysWithValues: snapshot.nodes.enumerated().map { ($0.element.id, $0.offset) })
    return shape(
        snapshot.nodes.map { ($0.facts, $0.name, $0.digest) },
        snapshot.edges.compactMap { edge in
            guard let source = places[edge.source], let target = places[edge.target] else { return nil }
            return (source, edge.relation, target)
        })
}

/// What export leaves out on purpose.
private func withoutTexts(_ facts: Facts) -> Facts {
    switch facts {
    case .prompts(var prompts):
        prompts.text = nil
        return .prompts(prompts)
    case .pack(var pack):
        pack.text = ""
        return .pack(pack)
    default: return facts
    }
}

private func read(
    _ format: ExchangeFormat, _ text: String, as kind: NodeKind? = nil, name: String? = nil, file: String = "README.md"
) throws -> ImportedLineage {
    try format.read(Array(text.utf8), file: file, as: kind, name: name)
}

@Suite struct InterchangeImportTests {
    @Test("OpenLineage of our own comes back with every node, edge and fact", arguments: [false, true])
    func openLineageRoundTrip(isHostile: Bool) throws {
        let story = isHostile ? lineageStory(hostileStory()) : lineageStory()
        let imported = try read(.openLineage, ExchangeFormat.openLineage.export(story))
        #expect(shape(imported) == shape(story))
        #expect(imported.notes.isEmpty)
        let facts = Dictionary(imported.nodes.map { ("\($0.kind) \($0.name)", $0.facts) }) { first, _ in first }
        for node in story.nodes {
            #expect(facts["\(node.kind) \(node.name)"] == withoutTexts(node.facts), "\(node.kind) \(node.id.rawValue)")
        }
    }

    @Test(
        "a card of our own comes back with all it came from",
        arguments: ["student", "mixture.jsonl.gz", "second.jsonl"])
    func cardRoundTrip(name: String) throws {
        for isHostile in [false, true] {
            let id = try #require(lineageStory().id(name))
            let story = isHostile ? lineageStory(hostileStory()) : lineageStory()
            let imported = try read(.card, ExchangeFormat.card.export(story, focus: id))
            // The same as OpenLineage brings back, without the measurements.
            let wanted = try read(.openLineage, ExchangeFormat.openLineage.export(story, focus: id))
            #expect(shape(imported) == shape(wanted).filter { !$0.contains("measurement ") })
            let subject = try #require(imported.subject.map { imported.nodes[$0] })
            #expect(subject.name == story[id]?.name && subject.facts == story[id]?.facts)
            for node in imported.nodes {
                #expect(wanted.nodes.contains { $0.name == node.name && $0.facts == node.facts }, "\(node.kind)")
            }
        }
    }

    @Test("Croissant of our own comes back with its file and its fields", arguments: [false, true])
    func croissantRoundTrip(isHostile: Bool) throws {
        let id = try #require(lineageStory().id("mixture.jsonl.gz"))
        let story = isHostile ? lineageStory(hostileStory()) : lineageStory()
        let imported = try read(.croissant, ExchangeFormat.croissant.export(story, focus: id))
        let subject = try #require(imported.subject.map { imported.nodes[$0] })
        let node = try #require(story[id])
        #expect(subject.name == node.name && subject.digest == node.digest)
        guard case .drop(let facts) = subject.facts, case .drop(let wanted) = node.facts else {
            Issue.record("no drop")
            return
        }
        #expect(facts.bytes == wanted.bytes && facts.format == wanted.format && facts.compression == wanted.compression)
        #expect(Set(facts.schema) == Set(wanted.schema) && facts.license == wanted.license)
        let kept = try #require(story.nodes.first { $0.id == lineageStory().id("kept.jsonl") })
        #expect(imported.edges.count == 1 && imported.nodes[imported.edges[0].source].digest == kept.digest)
    }

    // MARK: - Documents of others

    @Test("a model card names its base and its data")
    func modelCard() throws {
        let imported = try read(
            .card,
            """
            ---
            license: apache-2.0
            base_model: Qwen/Qwen2.5-7B
            base_model_relation: adapter
            datasets:
            - org/owls
            - local numbers
            library_name: peft
            ---
            # Owl
            """, name: "owl")
        #expect(
            shape(imported) == [
                "model owl -", "model Qwen/Qwen2.5-7B -", "training training of owl -", "drop org/owls -",
                "drop local numbers -", "model Qwen/Qwen2.5-7B - -base-> model owl -",
                "model Qwen/Qwen2.5-7B - -student-> training training of owl -",
                "drop org/owls - -trainedOn-> training training of owl -",
                "drop local numbers - -trainedOn-> training training of owl -",
                "training training of owl - -trained-> model owl -",
            ])
        guard case .model(let model) = imported.nodes[0].facts, case .model(let base) = imported.nodes[1].facts else {
            Issue.record("no models")
            return
        }
        #expect(model.license == "Apache-2.0" && base.source == "https://huggingface.co/Qwen/Qwen2.5-7B")
        #expect(imported.subject == 0 && imported.notes.isEmpty)
    }

    @Test(
        "how a model came from others decides on the relation",
        arguments: [
            ("base_model: a/b\nbase_model_relation: finetune", Relation.base),
            ("base_model: a/b\nbase_model_relation: quantized", .base), ("base_model: [a/b]", .base),
            ("base_model: [a/b, c/d]", .parent), ("base_model: [a/b, c/d]\nbase_model_relation: merge", .parent),
            ("base_model: a/b\nbase_model_relation: distilled", .parent),
        ])
    func relations(yaml: String, relation: Relation) throws {
        let imported = try read(.card, "---\n\(yaml)\n---\n", name: "x")
        #expect(imported.edges.count == imported.nodes.count - 1)
        #expect(imported.edges.allSatisfy { $0.relation == relation && $0.target == 0 })
    }

    @Test("a dataset card names what it extends")
    func datasetCard() throws {
        let imported = try read(
            .card,
            """
            ---
            pretty_name: Owls
            license: other
            license_name: owl-license
            source_datasets: [original, extended|squad, org/data]
            dataset_info:
              features: []
            ---
            """)
        #expect(
            shape(imported) == [
                "drop Owls -", "drop squad -", "drop org/data -", "drop squad - -derived-> drop Owls -",
                "drop org/data - -derived-> drop Owls -",
            ])
        guard case .drop(let drop) = imported.nodes[0].facts else { return }
        #expect(drop.license == "owl-license")
    }

    @Test("a card may be YAML by itself, begin with a byte order mark or end its lines with CR LF")
    func shapesOfCards() throws {
        for text in [
            "base_model: a/b\n", "---\r\nbase_model: a/b\r\n---\r\ntext", "\u{FEFF}---\nbase_model: a/b\n---",
            "\n\n---\nbase_model: a/b\n---  \n",
        ] {
            #expect(try read(.card, text).nodes.count == 2, "\(text.debugDescription)")
        }
        #expect(try read(.card, "license: mit\n", as: .drop, name: "d").nodes.count == 1)
    }

    @Test(
        "what is no card is refused, with what and where",
        arguments: [
            ("", "empty"), ("# Title\n\ntext", "README.md:1:1"), ("---\na: 1\n", "has no end"),
            ("---\n- 1\n---", "list"),
            ("---\nlicense: mit\n---", "model or a drop"),
            ("---\nbase_model: &a [x]\ndatasets: *a\n---", "README.md:2"),
            ("---\nbase_model: !!python/x y\n---", ":2:"),
            ("---\nbase_model: a\nbase_model: b\n---", "twice"), ("---\nbase_model: [a\n---", "README.md:"),
            ("---\nbase_model: \u{1B}[2J\n---", "U+001B"),
        ])
    func badCards(text: String, part: String) {
        #expect {
            try read(.card, text)
        } throws: { error in
            "\(error)".contains(part) && !"\(error)".unicodeScalars.contains("\u{1B}")
        }
    }

    @Test("Croissant of others: files, origins and licences in their usual forms")
    func croissant() throws {
        let digest = String(repeating: "ab", count: 32)
        let imported = try read(
            .croissant,
            """
            {"@context": {"sc": "https://schema.org/"}, "@type": "sc:Dataset", "name": {"en": "owls"},
             "license": [{"@type": "sc:CreativeWork", "url": "https://spdx.org/licenses/MIT.html"}],
             "distribution": [
               {"@type": "cr:FileObject", "@id": "repo", "encodingFormat": "git+https", "contentUrl": "x"},
               {"@type": "cr:FileObject", "@id": "a", "name": "a.jsonl", "sha256": "\(digest)", "contentSize": "12 B"},
               {"@type": "sc:FileObject", "@id": "b.csv", "sha256": "\(digest.uppercased())", "contentSize": "1 MB"},
               {"@type": "cr:FileSet", "@id": "c"}],
             "prov:wasDerivedFrom": {"@id": "urn:dataset:squad"}, "isBasedOn": "https://example.com/d",
             "prov:wasGeneratedBy": "a long story"}
            """)
        #expect(
            shape(imported) == [
                "drop owls -", "drop owls/a.jsonl \(digest)", "drop owls/b.csv \(digest)", "drop urn:dataset:squad -",
                "drop https://example.com/d -", "drop owls/a.jsonl \(digest) -derived-> drop owls -",
                "drop owls/b.csv \(digest) -derived-> drop owls -", "drop urn:dataset:squad - -derived-> drop owls -",
                "drop https://example.com/d - -derived-> drop owls -",
            ])
        guard case .drop(let drop) = imported.nodes[0].facts else { return }
        #expect(drop.license == "MIT")
        #expect(imported.notes.contains { $0.contains("a long story") })
        #expect(imported.notes.contains { $0.contains("1 MB") })
    }

    @Test("events of other programs become trainings, generations and derivations")
    func foreignEvents() throws {
        func dataset(_ name: String, isModel: Bool = false) -> String {
            let facet = isModel ? #""datasetType": {"datasetType": "MODEL"}"# : ""
            return #"{"namespace": "s3://b", "name": "\#(name)", "facets": {\#(facet)}}"#
        }
        func event(_ run: Int, _ job: String, _ type: String, _ inputs: [String], _ outputs: [String]) -> String {
            #"{"eventType": "\#(type)", "run": {"runId": "\#(run)"}, "job": {"namespace": "j", "name": "\#(job)"}, "#
                + #""inputs": [\#(inputs.joined(separator: ","))], "outputs": [\#(outputs.joined(separator: ","))]}"#
        }
        let lines = [
            event(1, "clean", "START", [dataset("raw")], []), event(1, "clean", "COMPLETE", [], [dataset("clean")]),
            event(
                2, "train", "COMPLETE", [dataset("clean"), dataset("m0", isModel: true)], [dataset("m1", isModel: true)]
            ),
            event(3, "ask", "COMPLETE", [dataset("m1", isModel: true)], [dataset("answers")]),
            event(4, "broken", "FAIL", [dataset("raw")], [dataset("half")]),
        ]
        let wanted: Set<String> = [
            "drop s3://b/raw -", "drop s3://b/clean -", "drop s3://b/raw - -derived-> drop s3://b/clean -",
            "training train -", "model s3://b/m0 -", "model s3://b/m1 -",
            "drop s3://b/clean - -trainedOn-> training train -", "model s3://b/m0 - -student-> training train -",
            "training train - -trained-> model s3://b/m1 -", "generation ask -", "drop s3://b/answers -",
            "model s3://b/m1 - -teacher-> generation ask -", "generation ask - -generated-> drop s3://b/answers -",
        ]
        let imported = try read(.openLineage, lines.joined(separator: "\n") + "\n")
        #expect(shape(imported) == wanted)
        #expect(imported.notes.contains { $0.contains("broken") })
        #expect(shape(try read(.openLineage, "[\(lines.joined(separator: ","))]")) == wanted)
    }

    @Test("an event whose relations can't be is read without them")
    func impossibleRelations() throws {
        let story = lineageStory()
        let text = try ExchangeFormat.openLineage.export(story).replacing("\"teacher\"", with: "\"kept\"")
        let imported = try read(.openLineage, text)
        #expect(!imported.edges.contains { $0.relation == .teacher })
        #expect(imported.notes.contains { $0.contains("owl-teacher") })
    }

    @Test("too much is refused: bytes, depth, nodes, edges")
    func limits() {
        let long = [UInt8](repeating: 0x20, count: ExchangeFormat.byteLimit + 1)
        for format in ExchangeFormat.allCases {
            #expect(throws: LineageError.self) { try format.read(long, file: "x") }
        }
        for format in [ExchangeFormat.openLineage, .croissant] {
            let deep = "{\"name\":" + String(repeating: "[", count: 1_000_000)
            #expect(throws: LineageError.self) { try read(format, deep) }
        }
        // 1,100 × 1,100 edges in some 60 kB.
        let sets = { (start: String) in (0..<1_100).map { "{\"name\":\"\(start)\($0)\"}" }.joined(separator: ",") }
        let event = "{\"job\":{\"name\":\"j\"},\"inputs\":[\(sets("a"))],\"outputs\":[\(sets("b"))]}"
        #expect(throws: LineageError.self) { try read(.openLineage, event) }
        #expect(throws: LineageError.self) { try read(.card, String(repeating: "[", count: 100_000)) }
        #expect(throws: LineageError.self) {
            try read(.card, "---\nbase_model: " + String(repeating: "[", count: 50_000) + "\n---")
        }
    }

    @Test("PROV and CycloneDX are not read, and say so")
    func written() {
        for format in [ExchangeFormat.prov, .cycloneDX] {
            #expect(throws: LineageError.self) { try read(format, "{}") }
            #expect(!format.canBeRead)
        }
    }

    @Test(
        "a damaged document is read or refused, and what is read keeps the rules", arguments: 0..<400 as Range<UInt64>)
    func damaged(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let plain = lineageStory()
        let story = seed % 2 == 0 ? plain : lineageStory(hostileStory())
        let readable = ExchangeFormat.allCases.filter(\.canBeRead)
        let format = readable[Int(random.next() % UInt64(readable.count))]
        let focus = format.needsFocus ? plain.id("mixture.jsonl.gz") : nil
        var bytes = Array(try format.export(story, focus: focus).utf8)
        for _ in 0...random.next() % 6 {
            let place = Int(random.next() % UInt64(bytes.count))
            let end = min(bytes.count, place + Int(random.next() % 40))
            switch random.next() % 5 {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes.removeSubrange(place..<end)
            case 2: bytes.insert(contentsOf: bytes[place..<end], at: Int(random.next() % UInt64(bytes.count)))
            case 3: bytes.insert(Array("{}[],:\"\\\n-&*!#|>".utf8)[Int(random.next() % 15)], at: place)
            default: bytes.removeSubrange(min(place, 1 + bytes.count / 2)...)
            }
            if bytes.isEmpty { break }
        }
        guard let imported = try? format.read(bytes, file: "x.md", as: .drop) else { return }
        #expect(!imported.nodes.isEmpty, "seed \(seed)")
        for node in imported.nodes {
            #expect(!node.name.isEmpty && node.name.utf8.count <= 4_096, "seed \(seed)")
            if let digest = node.digest { #expect(digest.count == 64 && digest.allSatisfy(\.isHexDigit)) }
        }
        for edge in imported.edges {
            #expect(imported.nodes.indices.contains(edge.source) && imported.nodes.indices.contains(edge.target))
            #expect(edge.source != edge.target, "seed \(seed)")
        }
        #expect(imported.notes.count <= 101)
        for note in imported.notes {
            #expect(note.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202E}" }, "seed \(seed)")
        }
    }
}
