// Which kinds of node a relation may join; what comes from outside is held to it.

extension Relation {
    /// Whether an edge of this relation may lead from the one kind to the other.
    func joins(_ source: NodeKind, _ target: NodeKind) -> Bool {
        switch self {
        case .base, .parent: source == .model && target == .model
        case .systemPrompt: source == .prompts && target == .model
        case .teacher: source == .model && target == .generation
        case .prompts: source == .prompts && target == .generation
        case .generated: source == .generation && target == .drop
        case .derived: source == .drop && target == .drop
        case .scanned: source == .drop && target == .scan
        case .rules: source == .pack && target == .scan
        case .kept, .rejected: source == .scan && target == .drop
        case .student: source == .model && target == .training
        case .trainedOn: source == .drop && target == .training
        case .trained: source == .training && target == .model
        case .measured: (source == .drop || source == .model) && target == .measurement
        case .serves: source == .model && target == .deployment
        }
    }
}
