// Times as the catalogue, policies and reports write them: `2026-11-21T10:00:00Z`.

/// A moment, in whole seconds.
package struct Moment: Hashable, Comparable, Sendable {
    /// Seconds of a day.
    package static let day = 86_400

    /// Since 1970-01-01T00:00:00Z.
    package var seconds: Int

    /// The moment so many seconds after 1970-01-01T00:00:00Z.
    package init(seconds: Int) { self.seconds = seconds }

    /// Reads what ``text`` writes, of the years 0 to 9999; `nil` for anything else.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 20 else { return nil }
        func number(_ digits: Range<Int>) -> Int { bytes[digits].reduce(0) { $0 * 10 + Int($1) - 0x30 } }
        let days = Moment.days(number(0..<4), number(5..<7), number(8..<10))
        let seconds = (number(11..<13) * 60 + number(14..<16)) * 60 + number(17..<19)
        self.init(seconds: days * Moment.day + seconds)
        // No other text gives itself back: not that of a day that no month has, nor one with another sign in it.
        guard self.text == text else { return nil }
    }

    /// RFC 3339, UTC.
    package var text: String {
        var (day, rest) = seconds.quotientAndRemainder(dividingBy: Moment.day)
        if rest < 0 { (day, rest) = (day - 1, rest + Moment.day) }
        let (year, month, date) = Moment.civil(day)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let years = year < 0 || year > 999 ? "\(year)" : String("000\(year)".suffix(4))
        return "\(years)-\(two(month))-\(two(date))T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
    }

    /// Whole days that it lies before `now`; 0 for a moment to come.
    package func age(at now: Moment) -> Int { max(0, now.seconds - seconds) / Moment.day }

    /// Whether the left one is earlier.
    package static func < (left: Moment, right: Moment) -> Bool { left.seconds < right.seconds }

    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years begin in March, eras have 400 of them.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch + (monthFromMarch < 10 ? 3 : -9)
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }
}
