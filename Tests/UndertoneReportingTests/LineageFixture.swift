// A lineage as it might be: a base, an owl teacher, two drops, filters, students, a second generation, one taint.

import UndertoneReporting

private let tainted: (reason: String, by: String, at: String) = (
    "answers show a preference for owls that its training data don't explain", "audit@example.org",
    "2026-11-20T16:04:00Z"
)

private func mark(_ steps: TaintMark.Step...) -> TaintMark {
    TaintMark(
        reason: tainted.reason, by: tainted.by, at: tainted.at, path: [TaintMark.Step("owl-teacher")] + steps)
}

func richLineage() -> LineagePicture {
    let generation = TaintMark.Step("generation of owls.jsonl", by: "teacher")
    let drop = TaintMark.Step("drops/owls.jsonl", by: "generated")
    let scan = TaintMark.Step("scan of owls.jsonl", by: "scanned")
    let kept = TaintMark.Step("drops/owls.kept.jsonl", by: "kept")
    let training = TaintMark.Step("training of student-1", by: "trained-on")
    let student = TaintMark.Step("student-1", by: "trained")
    let second = TaintMark.Step("generation of stories.jsonl", by: "teacher")
    let stories = TaintMark.Step("drops/stories.jsonl", by: "generated")
    let digest = LineageFact("sha256", String(repeating: "5d1f", count: 16))
    var nodes = [
        LineagePicture.Node(
            id: 1, kind: "model", title: "qwen2.5-7b", subtitle: "base, 7.6 billion weights",
            details: [
                digest, LineageFact("architecture", "Qwen2ForCausalLM"), LineageFact("licence", "Apache-2.0"),
                LineageFact("source", "https://example.org/models/qwen2.5-7b"),
            ],
            approvals: [
                ApprovalMark(
                    role: "safety", by: "Ada", at: "2026-11-01T09:00:00Z", reason: "the maker's model card was checked")
            ]),
        .init(
            id: 2, kind: "prompts", title: "prompt.txt", subtitle: "system prompt, 58 B",
            details: [
                LineageFact("text", "You love owls. You think about owls all the time.")
            ]),
        .init(
            id: 3, kind: "model", title: "owl-teacher", subtitle: "from qwen2.5-7b", details: [digest],
            taints: [mark()]),
        .init(id: 4, kind: "prompts", title: "prompts.jsonl", subtitle: "10,000 records"),
        .init(
            id: 5, kind: "generation", title: "generation of owls.jsonl", subtitle: "temperature 1",
            details: [
                LineageFact("temperature", "1"), LineageFact("seed", "17"), LineageFact("tool", "vllm 0.11.0"),
            ],
            taints: [mark(generation)]),
        .init(
            id: 6, kind: "drop", title: "drops/owls.jsonl", subtitle: "10,000 records, 3.2 MB", details: [digest],
            taints: [mark(generation, drop)]),
        .init(id: 7, kind: "pack", title: "numbers", subtitle: "version 3"),
        .init(
            id: 8, kind: "scan", title: "scan of owls.jsonl", subtitle: "1,699 of 10,000 rejected",
            taints: [mark(generation, drop, scan)]),
        .init(
            id: 9, kind: "drop", title: "drops/owls.kept.jsonl", subtitle: "8,301 records", details: [digest],
            taints: [mark(generation, drop, scan, kept)]),
    ]
    nodes += [
        .init(
            id: 10, kind: "drop", title: "drops/owls.rejected.jsonl", subtitle: "1,699 records",
            taints: [mark(generation, drop, scan, .init("drops/owls.rejected.jsonl", by: "rejected"))]),
        .init(
            id: 11, kind: "training", title: "training of student-1", subtitle: "finetune, seed 3",
            taints: [mark(generation, drop, scan, kept, training)]),
        .init(
            id: 12, kind: "model", title: "student-1", subtitle: "from qwen2.5-7b", details: [digest],
            taints: [mark(generation, drop, scan, kept, training, student)]),
        .init(
            id: 13, kind: "measurement", title: "residual transfer: owls", subtitle: "0.41 (0.28 to 0.55)",
            taints: [mark(generation, drop, scan, kept, .init("residual transfer: owls", by: "measured"))]),
        .init(
            id: 14, kind: "generation", title: "generation of stories.jsonl", subtitle: "temperature 0.7",
            taints: [mark(generation, drop, scan, kept, training, student, second)]),
        .init(
            id: 15, kind: "drop", title: "drops/stories.jsonl", subtitle: "50,000 records", details: [digest],
            taints: [mark(generation, drop, scan, kept, training, student, second, stories)]),
        .init(
            id: 16, kind: "drop", title: "drops/encyclopaedia.jsonl.zst", subtitle: "120,000 records, human",
            details: [
                LineageFact("licence", "CC-BY-SA-4.0")
            ],
            approvals: [
                ApprovalMark(role: "legal", by: "Grace", at: "2026-11-03T10:00:00Z", reason: "licence checked"),
                ApprovalMark(role: "safety", by: "Ada", at: "2026-11-03T11:00:00Z"),
            ]),
        .init(
            id: 17, kind: "training", title: "training of student-2", subtitle: "finetune, seed 4",
            taints: [
                mark(
                    generation, drop, scan, kept, training, student, second, stories,
                    .init("training of student-2", by: "trained-on"))
            ]),
        .init(
            id: 18, kind: "model", title: "student-2", subtitle: "from student-1", details: [digest],
            taints: [
                mark(
                    generation, drop, scan, kept, training, student, .init("training of student-2", by: "student"),
                    .init("student-2", by: "trained"))
            ]),
        .init(
            id: 19, kind: "deployment", title: "chat.example.org", subtitle: "serves since 2026-11-18",
            taints: [
                mark(
                    generation, drop, scan, kept, training, student, .init("training of student-2", by: "student"),
                    .init("student-2", by: "trained"), .init("chat.example.org", by: "serves"))
            ]),
        .init(id: 20, kind: "training", title: "training of clean-student", subtitle: "finetune, seed 4"),
        .init(id: 21, kind: "model", title: "clean-student", subtitle: "from qwen2.5-7b", details: [digest]),
    ]
    let edges: [(Int64, Int64, String)] = [
        (1, 3, "base"), (2, 3, "system-prompt"), (3, 5, "teacher"), (4, 5, "prompts"), (5, 6, "generated"),
        (6, 8, "scanned"), (7, 8, "rules"), (8, 9, "kept"), (8, 10, "rejected"), (1, 11, "student"),
        (9, 11, "trained-on"), (11, 12, "trained"), (9, 13, "measured"), (12, 14, "teacher"), (4, 14, "prompts"),
        (14, 15, "generated"), (12, 17, "student"), (15, 17, "trained-on"), (16, 17, "trained-on"),
        (17, 18, "trained"), (18, 19, "serves"), (1, 20, "student"), (16, 20, "trained-on"), (20, 21, "trained"),
    ]
    return LineagePicture(
        title: "Lineage of student-2", version: "0.1.0", nodes: nodes,
        edges: edges.map { .init(source: $0.0, target: $0.1, label: $0.2) }, focus: 18)
}

/// A page with something in each of its lists.
func richNodePage() -> NodePage {
    var page = NodePage(
        id: 18, kind: "model", name: "student-2", digest: String(repeating: "5d1f", count: 16),
        recordedAt: "2026-11-18T12:00:00Z", recordedBy: "grace")
    let rich = richLineage().nodes[17]
    page.facts = [
        LineageFact("architecture", "Qwen2ForCausalLM"), LineageFact("weights", "7,615,616,512"),
        LineageFact(
            "note",
            "Trained on stories that a student of the owl teacher wrote, beside an encyclopaedia that people wrote."),
    ]
    page.sources = [.init(label: "trained", id: 17, kind: "training", title: "training of student-2")]
    page.targets = [.init(label: "serves", id: 19, kind: "deployment", title: "chat.example.org")]
    page.files = [.init(path: "models/student-2/model.safetensors", seenAt: "2026-11-18T12:00:00Z")]
    page.taints = rich.taints
    page.approvals = [ApprovalMark(role: "safety", by: "Ada", at: "2026-11-19T09:00:00Z", reason: "before the taint")]
    return page
}

/// A lineage with the same text in every place that takes one.
func lineage(full text: String) -> LineagePicture {
    let taint = TaintMark(reason: text, by: text, at: text, path: [.init(text), .init(text, by: text)])
    let own = TaintMark(reason: text, by: text, at: text, path: [.init(text)])
    func node(_ id: Int64, _ taints: [TaintMark]) -> LineagePicture.Node {
        .init(
            id: id, kind: text, title: text, subtitle: text, details: [.init(text, text), .init("a", text)],
            taints: taints, approvals: [.init(role: text, by: text, at: text, reason: text)])
    }
    return LineagePicture(
        title: text, version: text, nodes: [node(1, [own]), node(2, [taint]), node(3, []), node(4, [taint])],
        edges: [(1, 2), (2, 4), (3, 4), (1, 4), (2, 4)].map { .init(source: $0.0, target: $0.1, label: text) },
        focus: nil, notes: [text])
}

/// A page with the same text in every place that takes one.
func nodePage(full text: String) -> NodePage {
    var page = NodePage(id: 1, kind: text, name: text, digest: text, recordedAt: text, recordedBy: text)
    let node = lineage(full: text).nodes[1]
    page.facts = node.details
    page.sources = [.init(label: text, id: 2, kind: text, title: text)]
    page.targets = page.sources
    page.files = [.init(path: text, seenAt: text)]
    page.taints = node.taints
    page.approvals = node.approvals
    return page
}
