// The member `loss_mask`: found, read, added and taken off, whatever else a record holds.

import Foundation
import Testing

@testable import UndertoneScanning

@Suite struct LossMaskTests {
    /// A record with a mask.
    private func masked(_ record: String, _ weights: [Float] = [1, 0]) -> String? {
        let bytes = Array(record.utf8)
        return bytes.withUnsafeBufferPointer { raw in
            LossMask.change(of: raw, to: weights).map { change in
                String(
                    decoding: raw[..<change.bytes.lowerBound] + change.text + raw[change.bytes.upperBound...],
                    as: UTF8.self)
            }
        }
    }

    private func ownWeights(_ record: String) -> [Float]? {
        Array(record.utf8).withUnsafeBufferPointer { raw in
            LossMask.place(in: raw)?.value.flatMap { LossMask.weights(raw[$0]) }
        }
    }

    @Test(arguments: [
        (#"{"a":1}"#, #"{"a":1,"loss_mask":[1,0]}"#),
        (#" { "a" : "}" } "#, #" { "a" : "}" ,"loss_mask":[1,0]} "#),
        ("{\"a\":[{\"b\":\"]}\\\\\"}]}\r", "{\"a\":[{\"b\":\"]}\\\\\"}],\"loss_mask\":[1,0]}\r"),
        (#"{"a":"\"","b":{"loss_mask":[0]}}"#, #"{"a":"\"","b":{"loss_mask":[0]},"loss_mask":[1,0]}"#),
        (#"{"a":-1.5e3,"b":null,"c":[],"d":{}}"#, #"{"a":-1.5e3,"b":null,"c":[],"d":{},"loss_mask":[1,0]}"#),
    ])
    func `a mask is added behind the last member, and everything else stays`(_ record: String, _ expected: String) {
        let found = masked(record)
        #expect(found == expected)
        #expect(LossMask.without(Array(expected.utf8)) == Array(record.utf8))
    }

    @Test(arguments: [
        (#"{"loss_mask":[1,1],"a":1}"#, #"{"loss_mask":[1,0],"a":1}"#),
        (#"{"a":1, "loss_mask" : [ 1 , 0, 0 ] }"#, #"{"a":1, "loss_mask" : [1,0] }"#),
        (#"{"loss\u005fmask":[],"a":1}"#, #"{"loss\u005fmask":[1,0],"a":1}"#),
        (#"{"a":"loss_mask","loss_mask":"loss_mask"}"#, #"{"a":"loss_mask","loss_mask":[1,0]}"#),
        (#"{"loss_mask":null}"#, #"{"loss_mask":[1,0]}"#),
        (#"{"loss_mask":7 ,"a":{"b":[1]}}"#, #"{"loss_mask":[1,0] ,"a":{"b":[1]}}"#),
    ])
    func `a mask that is there is changed where it stands`(_ record: String, _ expected: String) {
        #expect(masked(record) == expected)
    }

    @Test(arguments: ["[1,2]", "\"text\"", "7", "", "null", " "])
    func `what is no object has no place for a mask`(_ record: String) { #expect(masked(record) == nil) }

    @Test(
        arguments: [
            ("[1,0,1]", [1, 0, 1]), ("[ 1 ,\n0 ]", [1, 0]), ("[0.42,1.0,12]", [0.42, 1, 12]), ("[]", []), ("[ ]", []),
            ("[1,]", nil), ("[,1]", nil), ("[1 0]", nil), ("[true]", nil), ("[-1]", nil), ("[1e3]", nil), ("[.5]", nil),
            ("[1.]", nil), ("[1..2]", nil), ("[0.1234567890123]", nil), ("[[1]]", nil), ("null", nil), ("\"[1]\"", nil),
            ("{}", nil),
        ] as [(String, [Float]?)])
    func `a mask is a list of numbers from 0 and nothing else`(_ text: String, _ weights: [Float]?) {
        #expect(ownWeights("{\"a\":1,\"loss_mask\":\(text)}") == weights)
    }

    @Test(arguments: [
        "", "}", "]}", "[1]}", #""loss_mask":[1]}"#, #","loss_mask":[1]}"#, #"{"a":1,"loss_mask":[]}"#,
        #"{"a":1,"loss_mask":[1,-2]}"#, #"{"a":1,"loss_mask":[1e3]}"#, #"{"a":1, "loss_mask":[1]}"#,
        #"{"a":1,"loss_mask": [1]}"#, #"{"a":1,"loss_mask":[1] }"#,
        #"{"a":{"b":1,"loss_mask":[1]}}"#, #"{"loss_mask":[1]}"#, #"{"a":1,"gloss_mask":[1]}"#,
    ])
    func `a mask in another form than ours is left where it is`(_ line: String) {
        #expect(LossMask.without(Array(line.utf8)) == nil)
    }

    @Test func `added and taken off, any object is what it was`() throws {
        let seed = UInt64.random(in: 0 ..< .max)
        var random = Numbers(seed: seed)
        let names = ["a", "loss", "löss_mask", "x\\u0041", "\\\"", "{", "loss_mask\\\\"]
        let values = [
            "1", "-0.5", "\"[1]}\"", "[1,[2,{}]]", "{\"loss_mask\":[1]}", "null", "\"\\\\\"", "[]", "\"é\\n\"",
        ]
        let spaces = ["", " ", "\t", "  "]
        for _ in 0..<300 {
            let members = (0...random.below(4)).map { index in
                "\(random.pick(spaces))\"\(random.pick(names))\(index)\"\(random.pick(spaces)):\(random.pick(spaces))"
                    + random.pick(values) + random.pick(spaces)
            }
            let record = random.pick(spaces) + "{" + members.joined(separator: ",") + "}" + random.pick(spaces)
            let weights = (0...random.below(9)).map { _ in Float(random.below(2001)) / 1000 }
            let found = try #require(masked(record, weights), "seed \(seed): \(record)")
            #expect(LossMask.without(Array(found.utf8)) == Array(record.utf8), "seed \(seed): \(record)")
            let object = try JSONSerialization.jsonObject(with: Data(found.utf8)) as? [String: Any]
            #expect((object?["loss_mask"] as? [Double])?.map { Float($0) } == weights, "seed \(seed): \(record)")
        }
    }
}
