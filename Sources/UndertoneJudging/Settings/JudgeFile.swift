// Files of judges: YAML to settings. Every complaint names the place and the mend.

public import UndertoneCore
import UndertoneSettings
import UndertoneText

/// The judges that a run brings, as their user describes them.
///
/// They stand apart from rule packs on purpose: a pack from outside must not send data or keys anywhere, nor start a program.
public struct JudgeFile: Sendable, Hashable {
    /// The judges, each name once.
    public var judges: [JudgeSettings]

    /// Reads a file.
    ///
    /// - Throws: `SettingsError` with the place of the first fault.
    public init(path: String) throws(SettingsError) {
        try self.init(text: SettingsFile.text(of: path), file: path)
    }

    /// Reads a text; `file` is for error texts.
    public init(text: String, file: String) throws(SettingsError) {
        let root = try KeyedSettings<JudgeFileKey>(SettingsText.value(of: text, file: file))
        judges = try root.required(.judges) { value, key throws(SettingsError) in
            var judges: [JudgeSettings] = []
            var names: [PlacedText] = []
            for item in try Reading.items(value, key, limit: JudgeFileLimits.judges) {
                let keys = try KeyedSettings<JudgeKey>(item)
                names.append(try keys.required(.name, Reading.name))
                judges.append(try JudgeFile.judge(keys))
            }
            try Reading.checkUnique(names, "the judge")
            return judges
        }
    }

    /// The judge of that name.
    ///
    /// - Parameter rule: who asks for it, for the error text.
    public func judge(_ name: String, for rule: RuleID) throws(SettingsError) -> JudgeSettings {
        guard let judge = judges.first(where: { $0.name == name }) else {
            throw SettingsError(
                .badValue, at: nil, "\(rule) asks for the judge \"\(visible(name, limit: 64))\", and there is none",
                mend: suggestion(for: name, among: judges.map(\.name)))
        }
        return judge
    }

    private static func judge(_ keys: KeyedSettings<JudgeKey>) throws(SettingsError) -> JudgeSettings {
        var judge = JudgeSettings(
            name: try keys.required(.name, Reading.name).text, door: try door(keys),
            model: try keys.required(.model, line))
        judge.released = try keys.optional(.released, day)
        judge.keyVariable = try keys.optional(.keyVariable, variable)
        judge.environment = try keys.optional(.environment, variables) ?? []
        judge.certificates = try keys.optional(.certificates, line)
        judge.temperature =
            try keys.optional(.temperature) { v, k throws(SettingsError) in
                try real(v, k, in: 0...2)
            } ?? judge.temperature
        judge.topP =
            try keys.optional(.topP) { v, k throws(SettingsError) in
                try Reading.positive(v, k, upTo: 1)
            } ?? judge.topP
        judge.seed =
            try keys.optional(.seed) { v, k throws(SettingsError) in
                try Reading.whole(v, k, in: 0...Int.max)
            } ?? judge.seed
        judge.maxTokens =
            try keys.optional(.maxTokens) { v, k throws(SettingsError) in
                try Reading.whole(v, k, in: 1...JudgeFileLimits.answerTokens)
            } ?? judge.maxTokens
        judge.requiresLogProbabilities = try keys.optional(.logProbabilities, need) == .required
        judge.inFlight =
            try keys.optional(.inFlight) { v, k throws(SettingsError) in
                try Reading.whole(v, k, in: 1...JudgeFileLimits.inFlight)
            } ?? judge.inFlight
        judge.timeout =
            try keys.optional(.timeout) { v, k throws(SettingsError) in
                try Reading.positive(v, k, upTo: JudgeFileLimits.seconds)
            } ?? judge.timeout
        judge.attempts =
            try keys.optional(.attempts) { v, k throws(SettingsError) in
                try Reading.whole(v, k, in: 1...JudgeFileLimits.attempts)
            } ?? judge.attempts
        judge.price = try keys.optional(.price, price)
        judge.budget = try keys.optional(.budget, budget) ?? judge.budget
        if judge.budget.money != nil, judge.price == nil {
            throw SettingsError(
                .missing, at: keys.place(.budget), "a limit of money says nothing where the price is not known",
                mend: "write price: {input: …, output: …}, per million tokens")
        }
        return judge
    }

    private static func door(_ keys: KeyedSettings<JudgeKey>) throws(SettingsError) -> JudgeSettings.Door {
        let endpoint = try keys.optional(.endpoint, line)
        let command = try keys.optional(.command) { v, k throws(SettingsError) in
            var words: [String] = []
            for item in try Reading.items(v, k, limit: JudgeFileLimits.items) { words.append(try line(item, k)) }
            return words
        }
        switch (endpoint, command) {
        case (let endpoint?, nil): return .endpoint(endpoint)
        case (nil, let command?):
            guard keys[.certificates] == nil else {
                throw SettingsError(
                    .badValue, at: keys.place(.certificates), "a command takes no certificates",
                    mend: "leave them out; what it speaks to is its own business")
            }
            return .command(command)
        case (nil, nil):
            throw SettingsError(
                .missing, at: keys.location, "the judge has no address", mend: "write endpoint: … or command: […]")
        case (_?, _?):
            throw SettingsError(
                .badValue, at: keys.place(.command), "the judge has an endpoint and a command",
                mend: "leave one of them out")
        }
    }

    private static func price(_ value: SettingsValue, _ key: String) throws(SettingsError) -> JudgeSettings.Price {
        let keys = try KeyedSettings<PriceKey>(value)
        return JudgeSettings.Price(input: try keys.required(.input, money), output: try keys.required(.output, money))
    }

    private static func budget(_ value: SettingsValue, _ key: String) throws(SettingsError) -> JudgeSettings.Budget {
        let keys = try KeyedSettings<BudgetKey>(value)
        var budget = JudgeSettings.Budget()
        budget.requests = try keys.optional(.requests, count)
        budget.tokens = try keys.optional(.tokens, count)
        budget.money = try keys.optional(.money, money)
        guard budget != JudgeSettings.Budget() else {
            throw SettingsError(
                .missing, at: keys.location, "the budget limits nothing", mend: "write requests, tokens or money")
        }
        return budget
    }

    // MARK: - Values

    private enum Need: String, CaseIterable { case required, optional }

    private static func need(_ value: SettingsValue, _ key: String) throws(SettingsError) -> Need {
        try Reading.word(value, key)
    }

    private static func line(_ value: SettingsValue, _ key: String) throws(SettingsError) -> String {
        try Reading.text(value, key, limit: JudgeFileLimits.lineBytes).text
    }

    private static func day(_ value: SettingsValue, _ key: String) throws(SettingsError) -> String {
        let day = try line(value, key)
        guard Moment("\(day)T00:00:00Z") != nil else {
            throw SettingsError(
                .badValue, at: value.location, "\(key): \"\(visible(day, limit: 20))\" is no day",
                mend: "write 2024-07-18")
        }
        return day
    }

    private static func variable(_ value: SettingsValue, _ key: String) throws(SettingsError) -> String {
        let name = try Reading.text(value, key, limit: 200).text
        let isName = name.utf8.allSatisfy {
            0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 || 0x30...0x39 ~= $0 || $0 == 0x5F
        }
        guard isName, let first = name.utf8.first, !(0x30...0x39 ~= first) else {
            // What stands there may be a key, so it is not shown.
            throw SettingsError(
                .badValue, at: value.location, "\(key) is no name of an environment variable",
                mend: "write its name, as in OPENAI_API_KEY, and never the key itself")
        }
        return name
    }

    private static func variables(_ value: SettingsValue, _ key: String) throws(SettingsError) -> [String] {
        var names: [String] = []
        for item in try Reading.items(value, key, limit: JudgeFileLimits.items) {
            names.append(try variable(item, key))
        }
        return names
    }

    private static func count(_ value: SettingsValue, _ key: String) throws(SettingsError) -> Int {
        try Reading.whole(value, key, in: 0...JudgeFileLimits.most)
    }

    private static func money(_ value: SettingsValue, _ key: String) throws(SettingsError) -> Double {
        try real(value, key, in: 0...Double(JudgeFileLimits.most))
    }

    private static func real(
        _ value: SettingsValue, _ key: String, in range: ClosedRange<Double>
    ) throws(SettingsError) -> Double {
        guard let number = Reading.number(value), range.contains(number) else {
            throw SettingsError(
                .badValue, at: value.location, "\(key) is no number from \(range.lowerBound) to \(range.upperBound)",
                mend: "write one, as in 0.5")
        }
        return number
    }
}
