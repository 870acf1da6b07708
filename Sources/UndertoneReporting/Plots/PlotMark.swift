// Signs in plots: told apart by shape and filling, not by colour.

/// A sign at a place.
package enum PlotMark: String, Sendable, CaseIterable {
    case disc, ring, diamond, hollowDiamond, square, triangle, cross

    // Around 0 0, some 10 wide.
    private var path: String {
        switch self {
        case .disc, .ring: "M-4.5 0A4.5 4.5 0 1 1 4.5 0A4.5 4.5 0 1 1 -4.5 0Z"
        case .diamond, .hollowDiamond: "M0 -6L6 0L0 6L-6 0Z"
        case .square: "M-4.5 -4.5H4.5V4.5H-4.5Z"
        case .triangle: "M0 -5.5L6 5H-6Z"
        case .cross: "M-4.5 -4.5L4.5 4.5M4.5 -4.5L-4.5 4.5"
        }
    }

    private var style: String {
        switch self {
        case .disc, .diamond, .square, .triangle: "mark"
        case .ring, .hollowDiamond, .cross: "mark hollow"
        }
    }

    private static let run = "M-3 0A3 3 0 1 1 3 0A3 3 0 1 1 -3 0Z"

    /// The sign within a picture, at `x` and `y` as SVG writes them.
    func drawn(x: String, y: String) -> String { PlotMark.drawn(style, path, x: x, y: y) }

    /// The sign of a single run within a picture.
    static func runDrawn(x: String, y: String) -> String { drawn("run", run, x: x, y: y) }

    /// The sign within a line of text.
    package var inline: String { PlotMark.inline(style, path) }

    /// The sign of a single run within a line of text.
    package static var runInline: String { inline("run", run) }

    private static func drawn(_ style: String, _ path: String, x: String, y: String) -> String {
        "<svg x=\"\(x)\" y=\"\(y)\" class=\"at\"><path class=\"\(style)\" d=\"\(path)\"/></svg>"
    }

    private static func inline(_ style: String, _ path: String) -> String {
        "<svg class=\"key\" width=\"16\" height=\"16\" viewBox=\"-8 -8 16 16\" aria-hidden=\"true\">"
            + "<path class=\"\(style)\" d=\"\(path)\"/></svg>"
    }
}
