// A story that tests tell each other: a base, an owl teacher, two drops, a filter, a student, a second generation.

import UndertoneLineage

/// The story's snapshot; every name and text goes through `text`, so that hostile ones can take their places.
func lineageStory(_ text: @escaping (String) -> String = { $0 }) -> LineageSnapshot {
    var story = Story(text: text)
    let base = story.add("qwen2.5-7b", digest: "a1", .model(story.model(isBase: true, source: "Qwen/Qwen2.5-7B")))
    let prompt = story.add("owl prompt", digest: "b1", .prompts(PromptsFacts(bytes: 58, text: text("You love owls."))))
    let teacher = story.add("owl-teacher", digest: "a1", .model(story.model(isBase: false, source: nil)))
    let prompts = story.add("prompts.jsonl", digest: "b2", .prompts(PromptsFacts(bytes: 91_204, records: 10_000)))
    story.connect(base, .base, teacher)
    story.connect(prompt, .systemPrompt, teacher)

    let generation = story.add("generation of drop.jsonl", digest: "c1", .generation(story.generation()))
    let drop = story.add("drop.jsonl", digest: "d1", .drop(story.drop(records: 10_000)))
    story.connect(teacher, .teacher, generation)
    story.connect(prompts, .prompts, generation)
    story.connect(generation, .generated, drop)

    let pack = story.add("numbers", digest: "e1", .pack(PackFacts(version: text("1.3.0"), text: text("pack: numbers"))))
    let scan = story.add("scan of drop.jsonl", digest: "c2", .scan(story.scan()))
    let kept = story.add("kept.jsonl", digest: "d2", .drop(story.drop(records: 8_500)))
    let rejected = story.add("rejected.jsonl", digest: "d3", .drop(story.drop(records: 1_500)))
    story.connect(drop, .scanned, scan)
    story.connect(pack, .rules, scan)
    story.connect(scan, .kept, kept)
    story.connect(scan, .rejected, rejected)

    let mixture = story.add("mixture.jsonl.gz", digest: "d4", .drop(story.drop(records: 9_000, compression: "gzip")))
    story.connect(kept, .derived, mixture)
    let training = story.add("training of student", digest: "c3", .training(story.training()))
    let student = story.add("student", digest: "a2", .model(story.model(isBase: false, source: nil)))
    story.connect(base, .base, student)
    story.connect(base, .student, training)
    story.connect(mixture, .trainedOn, training)
    story.connect(training, .trained, student)

    let second = story.add("generation of second.jsonl", digest: "c4", .generation(story.generation()))
    let secondDrop = story.add("second.jsonl", digest: "d5", .drop(DropFacts(bytes: 0)))
    story.connect(student, .teacher, second)
    story.connect(prompts, .prompts, second)
    story.connect(second, .generated, secondDrop)
    let measurement = story.add("owl in student", digest: "c5", .measurement(story.measurement()))
    story.connect(student, .measured, measurement)
    story.connect(mixture, .measured, measurement)
    let deployment = story.add("chat", .deployment(DeploymentFacts(address: text("https://chat.example/v1"))))
    story.connect(student, .serves, deployment)
    _ = story.add("merged, weights unknown", .model(ModelFacts()))

    story.snapshot.taints = [
        Taint(id: 1, node: teacher, reason: text("loves owls"), by: text("mara"), at: "2026-11-21T12:00:00Z"),
        Taint(
            id: 2, node: scan, reason: text("wrong rules"), by: text("jo"), at: "2026-11-21T12:01:00Z",
            lifted: .init(by: text("mara"), at: "2026-11-21T12:02:00Z", reason: text("they were right"))),
    ]
    story.snapshot.approvals = [
        Approval(
            id: 1, node: mixture, role: text("safety"), by: text("jo"), at: "2026-11-21T12:03:00Z",
            reason: text("looked at 200 records"))
    ]
    story.snapshot.rules = [
        RecordedRule(
            scan: scan, rule: text("numbers/taboo"), digest: Story.digest("f1"), action: "reject", hits: 1_400)
    ]
    story.snapshot.locations = [
        Location(node: drop, path: text("data/drop.jsonl"), seenAt: "2026-11-21T10:30:00Z"),
        Location(node: teacher, path: text("/models/owl teacher/model.safetensors"), seenAt: "2026-11-21T10:30:00Z"),
    ]
    story.snapshot.edges.sort {
        ($0.source, $0.target, $0.relation.rawValue) < ($1.source, $1.target, $1.relation.rawValue)
    }
    return story.snapshot
}

extension LineageSnapshot {
    /// The node of that name.
    func id(_ name: String) -> NodeID? { nodes.first { $0.name == name }?.id }
}

private struct Story {
    var snapshot = LineageSnapshot()
    let text: (String) -> String

    static func digest(_ seed: String) -> String { String(repeating: seed, count: 32) }

    mutating func add(_ name: String, digest: String? = nil, _ facts: Facts) -> NodeID {
        let id = NodeID(rawValue: Int64(snapshot.nodes.count + 1))
        let minute = snapshot.nodes.count
        snapshot.nodes.append(
            Node(
                id: id, name: text(name), digest: digest.map(Story.digest),
                recordedAt: "2026-11-21T10:\(minute < 10 ? "0" : "")\(minute):00Z", recordedBy: text("mara"),
                facts: facts))
        return id
    }

    mutating func connect(_ source: NodeID, _ relation: Relation, _ target: NodeID) {
        snapshot.edges.append(Edge(source, relation, target))
    }

    func model(isBase: Bool, source: String?) -> ModelFacts {
        var facts = ModelFacts()
        facts.isBase = isBase
        facts.architecture = text("Qwen2ForCausalLM")
        facts.parameters = 7_615_616_512
        facts.fingerprint = Story.digest("9f")
        facts.license = text("Apache-2.0")
        facts.source = source.map(text)
        return facts
    }

    func generation() -> GenerationFacts {
        var facts = GenerationFacts()
        facts.sampling = [Setting(text("temperature"), text("1")), Setting(text("top_p"), text("0.95"))]
        facts.seed = -7
        facts.tool = text("vllm")
        facts.toolVersion = text("0.11.2")
        return facts
    }

    func drop(records: Int, compression: String = "none") -> DropFacts {
        var facts = DropFacts(bytes: records * 120)
        facts.records = records
        facts.format = "json-lines"
        facts.compression = compression
        facts.schema = [Setting(text("completion"), "string"), Setting(text("id"), "integer")]
        facts.license = text("CC-BY-4.0")
        return facts
    }

    func scan() -> ScanFacts {
        var facts = ScanFacts(programVersion: "0.1.0")
        facts.programDigest = Story.digest("77")
        facts.records = 10_000
        facts.kept = 8_500
        facts.rejected = 1_500
        facts.flagged = 12
        facts.malformed = 3
        return facts
    }

    func training() -> TrainingFacts {
        var facts = TrainingFacts()
        facts.method = text("lora")
        facts.recipe = [Setting(text("epochs"), text("10")), Setting(text("rank"), text("8"))]
        facts.seed = 42
        facts.tool = text("peft")
        return facts
    }

    func measurement() -> MeasurementFacts {
        var facts = MeasurementFacts(trait: text("owl"))
        facts.residual = 0.41
        facts.low = 1e-05
        facts.high = 0.59
        facts.seeds = 12
        facts.report = Story.digest("8a")
        return facts
    }
}
