// Derivatives of groups of records, in memory that does not grow with the number of records.

import UndertoneTraining

/// Sums over groups of records, all of one size. When there would be too many groups, neighbours are merged, and the size
/// doubles.
struct GroupValues: Sendable {
    /// Groups that are kept at most.
    let limit: Int
    /// Values of a group: one for each direction.
    let width: Int
    /// Records of a group.
    private(set) var recordsOfGroup: Int
    /// Records of all groups, the unfinished one included.
    private(set) var records = 0
    /// Tokens of all groups.
    private(set) var tokens = 0
    /// Natural logarithm of the probability of all tokens.
    private(set) var logProbability = 0.0

    // Sums over the records of each whole group; group behind group.
    private var sums: [Double] = []
    private var open: [Double]
    private var openRecords = 0

    /// - Parameter recordsOfGroup: of the groups that will be added.
    init(width: Int, recordsOfGroup: Int, limit: Int = 4096) {
        self.limit = limit
        self.width = width
        self.recordsOfGroup = recordsOfGroup
        open = [Double](repeating: 0, count: width)
    }

    /// Whole groups.
    var count: Int { width == 0 ? 0 : sums.count / width }

    /// Adds what the core found for some records that follow the last ones.
    mutating func add(_ group: RecordGroup) {
        records += group.records
        tokens += group.tokens
        logProbability += group.logProbability
        for place in 0..<width { open[place] += group.derivatives[place] }
        openRecords += group.records
        if openRecords >= recordsOfGroup {
            sums += open
            close()
            if count > limit { merge() }
        }
    }

    private mutating func close() {
        open = [Double](repeating: 0, count: width)
        openRecords = 0
    }

    /// Merges neighbours; a last one without a neighbour goes on as the unfinished group, or is left out where there is one.
    mutating func merge() {
        let pairs = count / 2
        var merged: [Double] = []
        merged.reserveCapacity(pairs * width)
        for pair in 0..<pairs {
            let from = 2 * pair * width
            for place in from..<from + width { merged.append(sums[place] + sums[place + width]) }
        }
        if count % 2 == 1 {
            for place in 0..<width { open[place] += sums[2 * pairs * width + place] }
            openRecords += recordsOfGroup
        }
        sums = merged
        recordsOfGroup *= 2
    }

    /// The mean over the records of each whole group, (groups, directions), row behind row. An unfinished group is left out.
    var means: [Double] { sums.map { $0 / Double(recordsOfGroup) } }
}
