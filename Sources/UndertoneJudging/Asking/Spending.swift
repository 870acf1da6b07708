// What a run has spent and what it may still spend. Worst cases are set aside before anything is sent.

/// Tokens of a request or of many.
struct TokenCost: Equatable, Sendable {
    var prompt = 0
    var completion = 0

    static func + (left: TokenCost, right: TokenCost) -> TokenCost {
        TokenCost(prompt: left.prompt + right.prompt, completion: left.completion + right.completion)
    }

    static func - (left: TokenCost, right: TokenCost) -> TokenCost {
        TokenCost(prompt: left.prompt - right.prompt, completion: left.completion - right.completion)
    }
}

extension JudgeRequest {
    /// What it may cost: a token of prompt for every three bytes of messages and schema, rounded up, and the longest
    /// answer. Tokens are four bytes of English on average; three leave room for roles, marks and other languages.
    var worstCase: TokenCost {
        let bytes = messages.reduce(schema?.utf8.count ?? 0) { $0 + $1.content.utf8.count }
        return TokenCost(prompt: (bytes + 2) / 3, completion: max(0, maxTokens))
    }
}

/// The books of a run.
struct Spending {
    /// Whether there is room for one more request.
    enum Answer: Equatable {
        /// It was set aside.
        case reserved
        /// Perhaps, once requests under way have shown what they really cost.
        case perhaps
        /// No; which limit is reached.
        case spent(String)
    }

    /// Requests that were sent or are about to be.
    private(set) var requests = 0
    /// What is known, or assumed for good, to be spent.
    private(set) var settled = TokenCost()

    private let budget: JudgeSettings.Budget
    private let price: JudgeSettings.Price?
    private var reserved = TokenCost()

    init(_ settings: JudgeSettings) {
        budget = settings.budget
        price = settings.price
    }

    /// Money for tokens; nil where no price is known.
    func money(_ cost: TokenCost) -> Double? {
        price.map { (Double(cost.prompt) * $0.input + Double(cost.completion) * $0.output) / 1_000_000 }
    }

    /// Sets the worst case of one request aside.
    mutating func reserve(_ cost: TokenCost) -> Answer {
        if let most = budget.requests, requests + 1 > most { return .spent("\(most) requests") }
        for (held, answer) in [(TokenCost(), nil), (reserved, Answer.perhaps)] {
            let sum = settled + held + cost
            if let most = budget.tokens, sum.prompt + sum.completion > most {
                return answer ?? .spent("\(most) tokens")
            }
            // Sums of decimals may be off by their last bits.
            if let most = budget.money, let money = money(sum), money > most * (1 + 1e-12) {
                return answer ?? .spent("\(most) of money")
            }
        }
        requests += 1
        reserved = reserved + cost
        return .reserved
    }

    /// Replaces what was set aside by what was used.
    mutating func settle(_ cost: TokenCost, used: TokenCost) {
        reserved = reserved - cost
        settled = settled + used
    }
}
