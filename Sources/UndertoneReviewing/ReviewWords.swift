// What both faces of a review say of an item.

import UndertoneText

extension ReviewItem.List {
    /// What it is called.
    var title: String {
        switch self {
        case .frequent: "Frequent"
        case .near: "Nearly the same"
        case .overrepresented: "Over-represented"
        case .strange: "Strange"
        case .sample: "Sample"
        }
    }

    /// What is in it, in a line.
    var meaning: String {
        switch self {
        case .frequent: "The most frequent outputs, byte for byte."
        case .near: "The largest groups of outputs that are nearly the same; the commonest stands for its group."
        case .overrepresented: "Terms that are more frequent than in the reference."
        case .strange: "The records that are least likely under the reference."
        case .sample: "Records drawn at random."
        }
    }
}

/// Figures of an item, in words.
struct ItemWords {
    /// `1,204 records, 12.04 % of the drop`.
    var count: String
    /// `12 records, 0.10 % of the reference`; nil where it was not counted.
    var reference: String?
    /// `120 times its share of the reference`; nil where there is nothing to compare.
    var ratio: String?
    /// What the list is ordered by; nil where that is the count.
    var score: String?
    /// The share of the reference; nil where it was not counted.
    var referenceShare: Double?

    init(_ item: ReviewItem, of sheet: ReviewSheet) {
        count = counted(item.count, "record") + ", " + ItemWords.share(item.share, item.count) + " of the drop"
        if let found = item.referenceCount, let records = sheet.reference?.records {
            let share = records > 0 ? Double(found) / Double(records) : 0
            referenceShare = share
            if found == 0 {
                reference = "none in the reference"
            } else {
                reference = counted(found, "record") + ", " + ItemWords.share(share, found) + " of the reference"
                let times = item.share / share
                if times.isFinite {
                    ratio = fixed(times, decimals: times < 10 ? 1 : 0) + " times its share of the reference"
                }
            }
        }
        if let value = item.score {
            switch item.list {
            case .overrepresented: score = "z \(fixed(value, decimals: 1)) of the log-odds"
            case .strange: score = "\(fixed(value, decimals: 2)) bits a character under the reference"
            default: score = "score \(fixed(value, decimals: 2))"
            }
        }
    }

    private static func share(_ share: Double, _ count: Int) -> String {
        let text = fixed(share * 100, decimals: 2)
        return count > 0 && text == "0.00" ? "<0.01 %" : text + " %"
    }
}
