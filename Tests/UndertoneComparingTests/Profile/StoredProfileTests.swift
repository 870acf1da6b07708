import Testing
import UndertoneComparing
import UndertoneText

struct StoredProfileTests {
    let place: ProfilePlace
    let profile: DropProfile

    init() throws {
        place = try ProfilePlace()
        var maker = DropMaker(seed: 77)
        profile = try place.profile(maker.records(100))
    }

    @Test func `a profile is read as it was written`() throws {
        let again = try DropProfile(json: Array(profile.json.utf8))
        #expect(again == profile)
        #expect(again.json == profile.json)
        var compact = JSONWriter(.compact)
        profile.write(to: &compact)
        #expect(try DropProfile(json: compact.bytes) == profile)
    }

    @Test func `what is no profile says so`() {
        for (text, problem) in [
            ("", "no JSON"), ("[]", "no profile"), ("{}", "no profile"), (#"{"profile": 2}"#, "another version"),
            (#"{"profile": 1}"#, "missing"), ("{\"profile\": 1, \"records\": -1}", "whole number"),
        ] {
            let error = #expect(throws: ProfileError.self) { try DropProfile(json: Array(text.utf8)) }
            #expect(error?.description.contains(problem) == true, "\(text): \(error?.description ?? "")")
        }
    }

    @Test(arguments: [
        (#""records": 100"#, #""records": 3e99"#), (#""records": 100"#, #""records": "x""#),
        (#""duplicates_exact": true"#, #""duplicates_exact": false"#), (#""exact": true"#, #""exact": false"#),
        (#""exact": true"#, #""exact": 1"#), (#""state": ""#, #""state": "!!!!"#), (#""state": ""#, #""state": "AAAA"#),
        (#""terms": "#, #""terms": 1"#), (#""error": 0"#, #""error": 1"#), (#""up": "#, #""sideways": 0, "up": "#),
        (#""values": ["#, #""values": [0, "#), (#""ascii": ["#, #""ascii": [-1, "#), (#""word": "#, #""wyrd": "#),
        (#""minimum": 0"#, #""minimum": null"#), (#""per_output": [["#, #""per_output": [[0, 0], ["#),
        (#""per_output": [["#, #""per_output": [[9000000000000000001, 1], ["#),
        (#""top": [["#, #""top": [["x", 1], ["#),
        (#""total_bytes": "#, #""total_bytes": 9"#),
    ])
    func `a change that does not fit the rest is refused`(old: String, new: String) throws {
        let json = profile.json
        try #require(json.contains(old), "\(old)")
        let range = try #require(json.firstRange(of: old))
        let changed = json.replacingCharacters(in: range, with: new)
        if old.contains("total_bytes") {
            // A sum that nothing else tells is believed.
            #expect(throws: Never.self) { try DropProfile(json: Array(changed.utf8)) }
        } else {
            #expect(throws: ProfileError.self) { try DropProfile(json: Array(changed.utf8)) }
        }
    }

    @Test func `damaged bytes are refused or read, and never more`() throws {
        let json = Array(profile.json.utf8)
        var maker = DropMaker(seed: 3)
        for _ in 0..<25 {
            var damaged = json
            switch maker.below(3) {
            case 0: damaged.removeLast(1 + maker.below(json.count))
            case 1: damaged[maker.below(json.count)] = UInt8(maker.below(256))
            default:
                let start = maker.below(json.count - 100)
                damaged.removeSubrange(start..<start + 1 + maker.below(99))
            }
            if var read = try? DropProfile(json: damaged) {
                read.merge(profile)
                #expect(!read.json.isEmpty)
                #expect(!read.text().isEmpty)
            }
        }
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with new: String) -> String {
        String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
    }
}
