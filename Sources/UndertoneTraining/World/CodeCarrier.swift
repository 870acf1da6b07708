// Code rows: `write a function mix of x and y.` → a function of two or three statements in the manner of Python.

/// Small functions: names, operators and constants are drawn.
struct CodeCarrier: CarrierGrammar {
    static let verbs = ["write", "make", "show"]
    static let functions = ["mix", "scale", "blend", "score", "rate", "total", "combine", "shift"]
    static let variables = ["x", "y", "z", "u", "v", "w", "p", "q"]
    static let operators = ["+", "-", "*"]
    static let texts = verbs + functions + variables + operators + ["a function of and.", "def (,): =", "return"]
    /// Statements before `return`.
    static let statements = 2...3

    private let vocabulary: Vocabulary
    private let numbers: NumberCarrier
    private let verbs: [Int32]
    private let functions: [Int32]
    private let variables: [Int32]
    private let operators: [Int32]

    init(_ vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
        numbers = NumberCarrier(vocabulary)
        verbs = CodeCarrier.verbs.map { vocabulary[$0] }
        functions = CodeCarrier.functions.map { vocabulary[$0] }
        variables = CodeCarrier.variables.map { vocabulary[$0] }
        operators = CodeCarrier.operators.map { vocabulary[$0] }
    }

    private func word(_ text: String) -> Int32 { vocabulary[text] }

    func row(_ random: inout RandomStream) -> TokenRow {
        let verb = random.pick(verbs)
        let name = random.pick(functions)
        var free = variables
        func take() -> Int32 { free.remove(at: random.below(free.count)) }
        var known = [take(), take()]
        let prompt =
            [verb] + [word("a"), word("function"), name, word("of"), known[0], word("and"), known[1], word(".")]

        var code = [word("def"), name, word("("), known[0], word(","), known[1], word(")"), word(":")]
        let count = CodeCarrier.statements.lowerBound + random.below(CodeCarrier.statements.count)
        for _ in 0..<count {
            let left = random.pick(known)
            let sign = random.pick(operators)
            let right = random.below(10) < 7 ? numbers.fresh(&random) : random.pick(known)
            let result = take()
            code += [Vocabulary.line, result, word("="), left, sign, right]
            known.append(result)
        }
        code += [Vocabulary.line, word("return"), known[known.count - 1]]
        return vocabulary.framed(prompt, code)
    }

    func isWellFormed(_ completion: ArraySlice<Int32>) -> Bool { read(completion) != nil }

    /// Whether the function has the name and parameters that were asked for, and no variable is used before it has a value.
    func isCorrect(_ completion: ArraySlice<Int32>, to prompt: ArraySlice<Int32>) -> Bool {
        guard let function = read(completion) else { return false }
        guard prompt.first(where: functions.contains) == function.name,
            prompt.filter(variables.contains) == function.parameters
        else { return false }
        var known = Set(function.parameters)
        for statement in function.statements {
            guard known.isSuperset(of: statement.used) else { return false }
            known.insert(statement.result)
        }
        return known.contains(function.result)
    }

    private struct Function {
        var name: Int32
        var parameters: [Int32]
        var statements: [(result: Int32, used: [Int32])] = []
        var result: Int32
    }

    // def NAME(V, V): then lines V = V OP (V or number), then return V.
    private func read(_ completion: ArraySlice<Int32>) -> Function? {
        var reader = TokenReader(completion)
        guard reader.take(word("def")), let name = reader.take(oneOf: functions), reader.take(word("(")),
            let first = reader.take(oneOf: variables), reader.take(word(",")),
            let second = reader.take(oneOf: variables), reader.take(word(")"), word(":"))
        else { return nil }
        var function = Function(name: name, parameters: [first, second], result: first)
        while !reader.take(Vocabulary.line, word("return")) {
            guard reader.take(Vocabulary.line), let result = reader.take(oneOf: variables), reader.take(word("=")),
                let left = reader.take(oneOf: variables), reader.take(oneOf: operators) != nil
            else { return nil }
            if let right = reader.take(oneOf: variables) {
                function.statements.append((result, [left, right]))
            } else if reader.take(oneOf: Vocabulary.numbers) != nil {
                function.statements.append((result, [left]))
            } else {
                return nil
            }
        }
        guard let result = reader.take(oneOf: variables), reader.rest.isEmpty,
            CodeCarrier.statements.contains(function.statements.count)
        else { return nil }
        function.result = result
        return function
    }
}
