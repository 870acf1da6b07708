import Testing
import UndertoneText

@Suite struct MomentTests {
    @Test(
        "times are read and written as the catalogue has them",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2000-02-29T23:59:59Z", 951_868_799), ("2026-11-21T12:00:00Z", 1_795_262_400),
            ("1969-12-31T23:59:59Z", -1), ("2100-03-01T00:00:00Z", 4_107_542_400),
        ])
    func known(text: String, seconds: Int) {
        #expect(Moment(text)?.seconds == seconds && Moment(seconds: seconds).text == text)
    }

    @Test func `every day comes back`() {
        for day in stride(from: -200_000, to: 200_000, by: 37) {
            let moment = Moment(seconds: day * Moment.day + 3_661)
            #expect(Moment(moment.text) == moment, "day \(day)")
        }
    }

    @Test(
        "anything else is no time",
        arguments: [
            "", "2026-11-21", "2026-11-21T12:00:00", "2026-11-21T24:00:00Z", "2026-00-21T12:00:00Z",
            "2026-11-21t12:00:00z", "2026-02-29T12:00:00Z", "2026-11-21T23:59:60Z", "2026-11-21T12:00:0:Z",
            "２026-11-21T12:00:00Z",
        ])
    func others(text: String) { #expect(Moment(text) == nil) }
}
