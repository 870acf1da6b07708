// Where a number lies on an axis. Places are percentages of a picture's width or height: text keeps its size on any
// screen.

import Glibc

/// An axis from `low` to `high`.
package struct PlotScale: Sendable {
    /// How places grow along the axis.
    package enum Kind: Sendable { case linear, logarithmic }

    package let low: Double
    package let high: Double
    package let kind: Kind
    /// Where the axis begins and ends within the picture, in percent.
    package let extent: ClosedRange<Double>

    /// An axis that holds all of `core`, and of `reach` what lies no further beyond it than it is wide: one wild
    /// interval must not press everything else into a corner.
    package init(
        covering core: [Double], reaching reach: [Double] = [], kind: Kind = .linear,
        extent: ClosedRange<Double> = 3...97
    ) {
        // Beyond this nothing is worth a picture, and differences must not overflow.
        let most = 1e15
        func usable(_ values: [Double]) -> [Double] {
            values.filter { !$0.isNaN && (kind == .linear || $0 > 0) }.map { min(max($0, -most), most) }
        }
        let core = usable(core)
        var low = core.min() ?? (kind == .linear ? 0 : 1)
        var high = core.max() ?? low
        if kind == .linear {
            if high - low < 1e-9 * max(abs(low), 1) { (low, high) = (low - 0.5, high + 0.5) }
            let width = high - low
            let near = usable(reach).map { min(max($0, low - width), high + width) }
            low = min(low, near.min() ?? low)
            high = max(high, near.max() ?? high)
        } else if high < low * 1.01 {
            (low, high) = (low / 2, high * 2)
        }
        self.low = low
        self.high = high
        self.kind = kind
        self.extent = extent
    }

    /// Whether a number lies on the axis.
    package func holds(_ value: Double) -> Bool { value >= low && value <= high }

    /// The place of a number; one beyond the axis is put at its end.
    package func place(of value: Double) -> Double {
        let value = value.isNaN ? low : min(max(value, low), high)
        let share =
            kind == .linear
            ? (value - low) / (high - low) : (log(value) - log(low)) / (log(high) - log(low))
        return extent.lowerBound + share * (extent.upperBound - extent.lowerBound)
    }

    /// Round numbers along the axis, at most `count` and a few; the decimals that they need.
    package func ticks(_ count: Int = 6) -> (values: [Double], decimals: Int) {
        let rough = (high - low) / Double(max(count, 1))
        let power = pow(10, floor(log10(rough)))
        let round = [1, 2, 2.5, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10
        let step = power * round
        let first = (low / step).rounded(.up)
        let last = (high / step).rounded(.down)
        guard last >= first, last - first < 100 else { return ([low, high], 2) }
        let values = (0...Int(last - first)).map { (first + Double($0)) * step }
        return (values, max(0, Int(-floor(log10(step) + 1e-9)) + (round == 2.5 ? 1 : 0)))
    }

    /// Those of `places`, in percent, that can carry a label without touching one before them in the list.
    package static func labelled(_ places: [Double], gap: Double) -> [Bool] {
        var taken: [Double] = []
        return places.map { place in
            guard taken.allSatisfy({ abs($0 - place) >= gap }) else { return false }
            taken.append(place)
            return true
        }
    }
}

/// A place as SVG writes it: `43.2%`.
func percentage(_ place: Double) -> String {
    let tenths = Int((min(max(place, -1_000), 1_000) * 100).rounded())
    let sign = tenths < 0 ? "-" : ""
    let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 100)
    return rest == 0 ? "\(sign)\(whole)%" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)%"
}
