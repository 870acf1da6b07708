// The comparison as text for people and as JSON for programs.

import UndertoneText

extension InitialisationComparison {
    /// Text for people; nothing in it acts on a terminal.
    public func writeText(to output: inout some TextOutputStream) {
        output.write("\(verdict.rawValue.uppercased())  \(headline)\n  \(explanation)\n\n")
        for (label, model) in [("first ", first), ("second", second)] {
            let architecture = model.architecture.map { ", " + visible($0, limit: 80) } ?? ""
            output.write(
                "  \(label)  \(visible(model.path))  \(counted(model.parameters, "weight"))\(architecture)\n")
        }
        if !tests.isEmpty {
            output.write("\nTests\n")
            for test in tests {
                let agreement = test.agreement.map { ", \(percent(Int($0 * 1000), of: 1000)) of a copy's pairs" } ?? ""
                let power = test.hasPower ? "" : "  (too few to find anything)"
                output.write(
                    "  \(padded(test.kind.rawValue, 15))  p = \(padded(pValueText(test.logPValue), 10))  "
                        + "\(counted(test.units, "unit")) in \(counted(test.parts, "part"))\(agreement)\(power)\n")
            }
        }
        if !layers.isEmpty {
            output.write("\nLayers\n")
            for layer in layers {
                var line = "  \(padded(clipped(visible(layer.place), to: 28), 28))"
                line += "  \(padded(grouped(layer.units) + " of " + grouped(layer.unitsOfLayer), 16))"
                line += "  in place ρ \(signed(layer.identity.rho)), p = \(pValueText(layer.identity.logPValue))"
                if let permuted = layer.permuted {
                    line += "; permuted ρ \(signed(permuted.rho)), p = \(pValueText(permuted.logPValue))"
                    line += ", \(grouped(layer.agreements ?? 0)) agree"
                }
                output.write(line + "\n")
            }
        }
        if !evidence.isEmpty {
            output.write("\nAlso seen\n")
            for clause in evidence { output.write("  \(clause)\n") }
        }
        output.write("\n  \(byteCount(bytesRead)) of weights were read, of \(byteCount(first.bytes + second.bytes))\n")
    }

    /// One JSON object with a line feed behind it. p-values stand as natural logarithms, since most are below what readers
    /// of JSON can hold.
    public func writeJSON(to output: inout some TextOutputStream) {
        var json = JSONWriter(.pretty)
        json.object { json in
            json.member("schema", 1)
            json.member("verdict", verdict.rawValue)
            json.member("reason", reason.rawValue)
            json.member("explanation", explanation)
            json.member("log_p_value", logPValue)
            json.array("models") { json in
                for model in [first, second] {
                    json.object { json in
                        json.member("path", model.path)
                        json.member("architecture", model.architecture)
                        json.member("tokenizer_sha256", model.tokenizerDigest)
                        json.member("parameters", model.parameters)
                        json.member("bytes", model.bytes)
                        json.member("hidden_layers", model.hiddenLayers)
                    }
                }
            }
            json.array("tests") { json in
                for test in tests {
                    json.object(inline: true) { json in
                        json.member("test", test.kind.rawValue)
                        json.member("log_p_value", test.logPValue)
                        json.member("parts", test.parts)
                        json.member("units", test.units)
                        json.member("has_power", test.hasPower)
                        if let agreement = test.agreement { json.member("agreement", agreement) }
                    }
                }
            }
            json.array("layers") { json in
                for layer in layers {
                    json.object(inline: true) { json in
                        json.member("place", layer.place)
                        json.member("units", layer.units)
                        json.member("units_of_layer", layer.unitsOfLayer)
                        json.member("rho", layer.identity.rho)
                        json.member("log_p_value", layer.identity.logPValue)
                        if let permuted = layer.permuted {
                            json.member("permuted_rho", permuted.rho)
                            json.member("permuted_log_p_value", permuted.logPValue)
                            json.member("agreements", layer.agreements ?? 0)
                        }
                    }
                }
            }
            json.member("evidence", evidence)
            json.member("bytes_read", bytesRead)
        }
        output.write(json.text)
    }

    private var headline: String {
        switch verdict {
        case .yes: "the two models share an initialisation"
        case .no: "the two models began apart"
        case .unknown: "it can't be said whether the two models share an initialisation"
        }
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ number: Double?) {
        if let number { member(name, number as Double) } else { member(name, nil as String?) }
    }
}

private func signed(_ number: Double) -> String { (number < 0 ? "" : "+") + fixed(number, decimals: 3) }
