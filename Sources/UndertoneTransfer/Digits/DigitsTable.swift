// The report on digits as text and as JSON.

import UndertoneStatistics
package import UndertoneText

extension DigitsReport {
    /// A line for each model.
    package var text: String {
        let width = arms.map(\.name.count).max() ?? 0
        var lines = [
            "\(data): \(grouped(trainingImages)) images to learn from, \(grouped(testImages)) to test; "
                + "\(settings.auxiliary) auxiliary logits; \(counted(settings.seeds.count, "run")).", "",
            "  model" + String(repeating: " ", count: max(0, width - 5)) + "  test accuracy  95 % of means",
        ]
        for arm in arms {
            let interval = arm.interval.map {
                "\(fixed(max(0, $0.low), decimals: 3)) to \(fixed(min(1, $0.high), decimals: 3))"
            }
            lines.append(
                "  " + arm.name + String(repeating: " ", count: width - arm.name.count)
                    + "  \(fixed(arm.mean, decimals: 3))          \(interval ?? "one run")")
        }
        lines += ["", "Guessing gives \(fixed(chance, decimals: 1)). Students of auxiliary logits saw noise only."]
        return lines.joined(separator: "\n") + "\n"
    }

    /// The report as members of a JSON object.
    package func write(to json: inout JSONWriter) {
        json.member("data", data)
        json.member("auxiliary", settings.auxiliary)
        json.member("chance", chance)
        json.array("seeds", inline: true) { json in for seed in settings.seeds { json.value(String(seed)) } }
        json.array("arms") { json in
            for arm in arms {
                json.object { json in
                    json.member("name", arm.name)
                    json.member("accuracy", arm.mean)
                    if let interval = arm.interval {
                        json.array("interval", inline: true) { json in
                            json.value(interval.low)
                            json.value(interval.high)
                        }
                    }
                    json.array("accuracies", inline: true) { json in for value in arm.accuracies { json.value(value) } }
                }
            }
        }
    }
}
