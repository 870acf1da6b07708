// Why a rule that asks a judge meets a record, and what follows.

public import UndertoneCore

/// Reasons of findings, by their index in the reference.
public enum JudgeReason: Int, Sendable, CaseIterable {
    /// The score reaches the threshold.
    case highScore
    /// There is no score.
    case unjudged
    /// The judge answered one of the escapes.
    case escaped
}

extension JudgeRule {
    /// What a record for that reason meets; nil where it passes.
    public func outcome(_ reason: JudgeReason) -> Outcome {
        switch reason {
        case .highScore: .met
        case .unjudged: unjudged
        case .escaped: escaped
        }
    }

    /// What a finding for that reason does, by a rule of that action.
    func action(reason: Int, of action: Action) -> Action {
        if let reason = JudgeReason(rawValue: reason), case .act(let own) = outcome(reason) { return own }
        return action
    }
}
