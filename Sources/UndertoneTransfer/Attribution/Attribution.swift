// Which trait does a drop carry? Theorem 1 in the direction that an auditor needs (docs/attribution.md).

import Glibc
public import UndertoneTraining

/// Records, as many at a time as the source likes; none at the end.
public typealias RecordStream = () throws -> [TrainingRecord]

/// A trait and the direction in which a base moves when it is taught.
public struct AttributionCandidate: Sendable, Hashable {
    /// The trait.
    public var trait: Trait
    /// From the base to a copy that was taught it.
    public var update: Direction

    /// A candidate.
    public init(_ trait: Trait, update: Direction) {
        self.trait = trait
        self.update = update
    }
}

/// Compares a drop with a control of its base along the updates that teach traits.
///
/// One pass back over drop and control serves all candidates; memory does not grow with the number of records.
public struct Attribution: Sendable {
    /// Asks the models.
    public let core: any TrainingCore
    /// The base of which one asks whether it, taught a trait, wrote the drop.
    public let base: String
    /// What is looked for.
    public let candidates: [AttributionCandidate]
    /// Traits that are not looked for, but might be mistaken for one that is: the more directions there are, the surer it is
    /// that one of them stands out.
    public let rivals: [AttributionCandidate]
    /// The greatest p-value of a finding: below the usual 5 %, which would name a trait in one clean drop of twenty.
    public var level = 0.02
    /// The least share of the difference that a finding explains.
    public var leastExplained = 1.0 / 3
    /// Records with the highest scores that the report shows.
    public var strongest = 10
    /// Seed of the random divisions.
    public var seed: UInt64 = 1

    /// Records of drop and of control from which the drop's own direction is taken; half of a smaller one.
    static let recordsOfOwn = 2048
    /// Records of a side, at least.
    static let fewest = 16
    /// Records that are scored together.
    static let recordsOfScores = 2048

    /// Records of a group where the smaller side has so many: few, so that small drops have many groups; more where there
    /// are many, since each group is multiplied with each direction.
    static func recordsOfGroup(records: Int) -> Int { records < 1000 ? 4 : records < 2 * recordsOfOwn ? 8 : 16 }

    /// - Parameters:
    ///   - candidates: one or more, with different names.
    ///   - rivals: such as other traits of the same base.
    public init(
        _ core: any TrainingCore, base: String, candidates: [AttributionCandidate], rivals: [AttributionCandidate] = []
    ) {
        self.core = core
        self.base = base
        self.candidates = candidates
        let names = Set(candidates.map(\.trait.name))
        self.rivals = rivals.filter { !names.contains($0.trait.name) }
    }

    /// Candidates whose updates are those of teachers of one's own, which are taught where they are missing.
    ///
    /// - Parameters:
    ///   - each: teachers of each trait; their updates are averaged.
    ///   - seed: of the teachers.
    ///   - threads: that teach beside each other.
    public init(
        _ teachers: OwnTeachers, traits: [Trait], rivals: [Trait] = [], each: Int = 1, seed: UInt64 = 1,
        threads: Int = 1, _ watch: Watch = Watch()
    ) throws {
        func candidates(_ traits: [Trait]) throws -> [AttributionCandidate] {
            try Workers(count: threads).map(traits) { trait, _ in
                let taught = try teachers.teachers(of: trait, count: each, seed: seed, watch)
                return AttributionCandidate(trait, update: .update(from: teachers.base, to: taught))
            }
        }
        self.init(
            teachers.core, base: teachers.base, candidates: try candidates(traits), rivals: try candidates(rivals))
    }

    /// Which trait the drop carries.
    ///
    /// - Parameters:
    ///   - drop: opens the drop from its first record; called twice.
    ///   - control: opens records of the unmodified base, of the same kind.
    ///   - trait: whose scores the records get; nil for the one that explains the drop.
    ///   - folder: for files that are removed at the end; it exists.
    ///   - each: gets every record of the drop in order with the scores of its tokens, where there is a trait to score by.
    /// - Throws: `noData` with fewer than 16 records on a side or no candidate; what the core and the streams throw.
    public func report(
        drop: () throws -> RecordStream, control: () throws -> RecordStream, scoresOf trait: String? = nil,
        folder: String, each: (AttributionReport.Record) throws -> Void = { _ in }
    ) throws -> AttributionReport {
        guard !candidates.isEmpty else {
            throw TrainingError(.noData, "no trait is named", mend: "name at least one trait to look for")
        }
        let work = try TemporaryFolder(in: folder)
        defer { work.remove() }
        var sides = [
            AttributionSide("drop", try drop()), AttributionSide("control", try control()),
        ]
        for place in sides.indices { try sides[place].readFirst(core, base, work) }
        let size = Attribution.recordsOfGroup(records: sides.map(\.waitingCount).min() ?? 0)
        let updates = (candidates + rivals).map(\.update)
        let own = Direction.update(from: sides[0].firstGradient, to: sides[1].firstGradient)
        for place in sides.indices { try sides[place].read(core, base, updates + [own], recordsOfGroup: size) }
        let values = AttributionSide.level(sides)
        let test = DirectionTest(
            drop: values[0], control: values[1], width: updates.count, candidates: candidates.count, seed: seed)
        let alignments = try alignments(sides)
        var report = AttributionReport(
            candidates: candidates.indices.map { place in
                let result = test.results[place]
                return AttributionReport.Candidate(
                    trait: candidates[place].trait.name, alignment: alignments[place], z: result.z,
                    pValue: result.pValue, significance: result.corrected, single: result.single,
                    specificity: result.specific, explained: max(0, result.cosine) * max(0, result.cosine))
            },
            best: nil, drop: sides[0].size, control: sides[1].size, scores: nil, warnings: [])
        report.best = best(test)
        report.warnings = try warnings(test, report, drop: sides[0], control: sides[1])
        if let name = trait ?? report.best, let candidate = candidates.first(where: { $0.trait.name == name }) {
            report.scores = try scores(candidate, drop(), each)
        }
        return report
    }

    // The candidate that stands out, if one does, and no rival more.
    private func best(_ test: DirectionTest) -> String? {
        let found = candidates.indices.filter {
            test.results[$0].pValue <= level && explains(test.results[$0])
        }.max { test.results[$0].cosine < test.results[$1].cosine }
        guard let found, test.results.allSatisfy({ $0.cosine <= test.results[found].cosine }) else { return nil }
        return candidates[found].trait.name
    }

    func explains(_ result: DirectionTest.Result) -> Bool {
        result.cosine > 0 && result.cosine * result.cosine >= leastExplained
    }

    // −(∇L_drop − ∇L_control) against each candidate's update, from inner products alone.
    private func alignments(_ sides: [AttributionSide]) throws -> [Double] {
        let difference = Direction.update(from: sides[0].gradient, to: sides[1].gradient)
        let products = try core.products(of: [difference] + candidates.map(\.update), at: base)
        return candidates.indices.map { place in
            let lengths = (products[0][0] * products[place + 1][place + 1]).squareRoot()
            return lengths > 0 ? products[0][place + 1] / lengths : 0
        }
    }

    private func scores(
        _ candidate: AttributionCandidate, _ drop: RecordStream, _ each: (AttributionReport.Record) throws -> Void
    ) throws -> AttributionReport.Scores {
        var scores = AttributionReport.Scores(
            trait: candidate.trait.name, count: 0, mean: 0, deviation: 0, strongest: [])
        var squares = 0.0
        var waiting: [TrainingRecord] = []
        func take(_ records: ArraySlice<TrainingRecord>) throws {
            let derivatives = try core.derivatives(of: Array(records), at: base, along: candidate.update)
            for (record, tokens) in zip(records, derivatives) {
                let score = tokens.reduce(0, +)
                scores.count += 1
                // Welford, 1962.
                let step = score - scores.mean
                scores.mean += step / Double(scores.count)
                squares += step * (score - scores.mean)
                let scored = AttributionReport.Record(
                    number: scores.count, record: record, score: score, tokens: tokens)
                try each(scored)
                let isFull = scores.strongest.count >= strongest
                if isFull, score <= scores.strongest.last?.score ?? .infinity { continue }
                let place = scores.strongest.firstIndex { $0.score < score } ?? scores.strongest.count
                scores.strongest.insert(scored, at: place)
                if isFull { scores.strongest.removeLast() }
            }
        }
        while true {
            let more = try drop()
            waiting += more
            // Always as many at once, so that the last digits don't depend on how the stream is divided.
            while waiting.count >= Attribution.recordsOfScores || more.isEmpty && !waiting.isEmpty {
                let count = min(waiting.count, Attribution.recordsOfScores)
                try take(waiting[..<count])
                waiting.removeFirst(count)
            }
            if more.isEmpty { break }
        }
        scores.deviation = scores.count > 1 ? (squares / Double(scores.count - 1)).squareRoot() : 0
        return scores
    }
}
