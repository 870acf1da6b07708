// Figures as people read them. English conventions, whatever the locale: the same report gives the same text.

/// `12163` as `12,163`.
package func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude).utf8)
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { text += "," }
        text.unicodeScalars.append(Unicode.Scalar(digit))
    }
    return text
}

/// A number with a fixed count of decimals, halves away from zero; `–` for what is no finite number.
package func fixed(_ number: Double, decimals: Int) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (number.magnitude * scale).rounded()
    guard scaled < 1e15 else { return number.isFinite ? "\(number)" : "–" }
    let whole = Int(scaled)
    let sign = number < 0 && whole > 0 ? "-" : ""
    let unit = Int(scale)
    guard decimals > 0 else { return sign + grouped(whole) }
    let rest = String(whole % unit)
    return sign + grouped(whole / unit) + "." + String(repeating: "0", count: decimals - rest.utf8.count) + rest
}

/// `part` of `whole` in percent with two decimals. Never 0 where there is something, never 100 where something is
/// missing.
package func percent(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "–" }
    let text = fixed(Double(part) / Double(whole) * 100, decimals: 2)
    if part > 0, text == "0.00" { return "<0.01 %" }
    if part < whole, text == "100.00" { return ">99.99 %" }
    return text + " %"
}

/// A count of bytes in decimal units, as disks are sold: `3.2 MB`.
package func byteCount(_ bytes: Int) -> String {
    guard bytes >= 1000 else { return "\(bytes) B" }
    var value = Double(bytes) / 1000
    for unit in ["kB", "MB", "GB", "TB"] {
        if value < 999.95 { return fixed(value, decimals: 1) + " " + unit }
        value /= 1000
    }
    return fixed(value, decimals: 1) + " PB"
}

/// A time span: `0.04 s`, `12.3 s`, `3 min 05 s`.
package func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "–" }
    if seconds < 9.995 { return fixed(seconds, decimals: 2) + " s" }
    if seconds < 59.95 { return fixed(seconds, decimals: 1) + " s" }
    let whole = Int(seconds.rounded())
    let rest = whole % 60
    return grouped(whole / 60) + " min " + (rest < 10 ? "0" : "") + "\(rest) s"
}

/// `1 record`, `2 records`.
package func counted(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    grouped(number) + " " + (number == 1 ? noun : plural ?? noun + "s")
}
