// The keys of files of judges, each once: the reader takes no other, and the JSON Schema is written from the same tables.

import UndertoneSettings

/// What a file of judges may hold.
enum JudgeFileLimits {
    /// Judges.
    static let judges = 100
    /// Bytes of a line.
    static let lineBytes = 2_000
    /// Arguments of a command, names of environment variables.
    static let items = 100
    /// Tokens of an answer.
    static let answerTokens = 100_000
    /// Requests under way at once.
    static let inFlight = 1_000
    /// Seconds for one request.
    static let seconds = 3_600.0
    /// Times that one question is sent.
    static let attempts = 20
    /// What a budget counts, and what money and prices may be.
    static let most = 1_000_000_000_000
}

enum JudgeFileKey: String, SettingKey {
    case judges

    static let what = "the file of judges"
    var isRequired: Bool { true }
    var schema: String {
        "{\"type\":\"array\",\"minItems\":1,\"maxItems\":\(JudgeFileLimits.judges),"
            + ##""items":{"$ref":"#/$defs/judge"}}"##
    }
    var text: String { "Models that may be asked about records." }
}

enum JudgeKey: String, SettingKey {
    case name, endpoint, command, model, released, environment, certificates, temperature, seed, attempts, price, budget
    case keyVariable = "key-variable"
    case topP = "top-p"
    case maxTokens = "max-tokens"
    case logProbabilities = "log-probabilities"
    case inFlight = "in-flight"
    case timeout

    static let what = "a judge"
    static var together: String {
        #""oneOf":[{"required":["endpoint"]},{"required":["command"]}],"dependentSchemas":{"budget":{"#
            + #""if":{"properties":{"budget":{"required":["money"]}}},"then":{"required":["price"]}}}"#
    }
    var isRequired: Bool { self == .name || self == .model }

    var schema: String {
        switch self {
        case .name: ##"{"$ref":"#/$defs/name"}"##
        case .endpoint, .model, .certificates: ##"{"$ref":"#/$defs/line"}"##
        case .released: #"{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}"#
        case .keyVariable: ##"{"$ref":"#/$defs/variable"}"##
        case .command:
            "{\"type\":\"array\",\"minItems\":1,\"maxItems\":\(JudgeFileLimits.items),"
                + ##""items":{"$ref":"#/$defs/line"}}"##
        case .environment:
            "{\"type\":\"array\",\"minItems\":1,\"maxItems\":\(JudgeFileLimits.items),"
                + ##""items":{"$ref":"#/$defs/variable"}}"##
        case .temperature: #"{"type":"number","minimum":0,"maximum":2}"#
        case .topP: #"{"type":"number","exclusiveMinimum":0,"maximum":1}"#
        case .seed: #"{"type":"integer","minimum":0}"#
        case .maxTokens: "{\"type\":\"integer\",\"minimum\":1,\"maximum\":\(JudgeFileLimits.answerTokens)}"
        case .logProbabilities: #"{"enum":["required","optional"]}"#
        case .inFlight: "{\"type\":\"integer\",\"minimum\":1,\"maximum\":\(JudgeFileLimits.inFlight)}"
        case .timeout: "{\"type\":\"number\",\"exclusiveMinimum\":0,\"maximum\":\(Int(JudgeFileLimits.seconds))}"
        case .attempts: "{\"type\":\"integer\",\"minimum\":1,\"maximum\":\(JudgeFileLimits.attempts)}"
        case .price: ##"{"$ref":"#/$defs/price"}"##
        case .budget: ##"{"$ref":"#/$defs/budget"}"##
        }
    }

    var text: String {
        switch self {
        case .name: "The name by which rules ask for it; rules that name none ask for default."
        case .endpoint: "The base address of an OpenAI-compatible server, as in http://127.0.0.1:4000/v1."
        case .command: "A program and its arguments, which speaks JSON Lines on standard input and output."
        case .model: "The model's name, as the server knows it; one with a version, where there is a choice."
        case .released: "The day on which the model was released; a calibration must not be older."
        case .environment: "Environment variables that a command sees, beside PATH, HOME and LANG."
        case .certificates: "A file of certificates to trust in place of the system's."
        case .keyVariable: "The environment variable that holds the key. The key itself stands nowhere."
        case .temperature: "0 takes the likeliest token each time. Default: 0."
        case .topP: "The share of the probability that is sampled from. Default: 1."
        case .seed: "For servers that repeat themselves by one. Default: 1."
        case .maxTokens: "Tokens of an answer at most. Default: 300."
        case .logProbabilities:
            "Whether a letter needs log-probabilities: required, or optional; then a bare letter counts as 100 or 0. "
                + "Default: optional."
        case .inFlight: "Requests under way at once, at most. Default: 64."
        case .timeout: "Seconds for one request. Default: 60."
        case .attempts: "Times that one question is sent, failed attempts included. Default: 6."
        case .price: "What a million tokens cost."
        case .budget: "What one run may cost; what it no longer pays for stays unjudged. Default: no limit."
        }
    }
}

enum PriceKey: String, SettingKey {
    case input, output

    static let what = "a price"
    var isRequired: Bool { true }
    var schema: String { "{\"type\":\"number\",\"minimum\":0,\"maximum\":\(JudgeFileLimits.most)}" }
    var text: String {
        switch self {
        case .input: "A million tokens of prompts."
        case .output: "A million tokens of answers."
        }
    }
}

enum BudgetKey: String, SettingKey {
    case requests, tokens, money

    static let what = "a budget"
    static var together: String { #""minProperties":1"# }
    var schema: String {
        switch self {
        case .requests, .tokens: "{\"type\":\"integer\",\"minimum\":0,\"maximum\":\(JudgeFileLimits.most)}"
        case .money: "{\"type\":\"number\",\"minimum\":0,\"maximum\":\(JudgeFileLimits.most)}"
        }
    }
    var text: String {
        switch self {
        case .requests: "Requests, repetitions of failed ones included."
        case .tokens: "Tokens of prompts and answers together."
        case .money: "In the currency of the price."
        }
    }
}

/// The JSON Schema (draft 2020-12) of files of judges.
public func judgeFileSchema() -> String {
    KeySchema(
        title: "Undertone judges", root: JudgeFileKey.self,
        tables: [("judge", JudgeKey.self), ("price", PriceKey.self), ("budget", BudgetKey.self)],
        fragments: [
            ("name", #"{"type":"string","pattern":"^[a-z0-9]+(-[a-z0-9]+)*$","maxLength":64}"#),
            ("line", "{\"type\":\"string\",\"minLength\":1,\"maxLength\":\(JudgeFileLimits.lineBytes)}"),
            ("variable", #"{"type":"string","pattern":"^[A-Za-z_][A-Za-z0-9_]*$","maxLength":200}"#),
        ]
    ).text
}
