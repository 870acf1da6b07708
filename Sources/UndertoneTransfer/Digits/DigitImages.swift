// Images of digits as numbers, and where they come from: 8×8 ones that are part of the program, or MNIST in files.

import CDigits

/// Images and the digits that they show.
public struct DigitImages: Sendable, Equatable {
    /// Images.
    public let count: Int
    /// Numbers of an image: its points, row by row.
    public let width: Int
    /// (count, width), scaled to −1 … 1.
    public let inputs: [Float]
    /// The digit of each, 0 to 9.
    public let labels: [Int32]

    /// From the arrays of two files.
    ///
    /// - Parameters:
    ///   - images: three dimensions; `highest` is the value that becomes 1, 0 becomes −1.
    ///   - labels: one dimension.
    /// - Throws: `mismatch`, `badLabel` or `badShape`.
    public init(
        images: IDXArray, labels: IDXArray, highest: UInt8, imagesPlace: String, labelsPlace: String
    ) throws(DigitsError) {
        guard images.shape.count == 3, labels.shape.count == 1, highest > 0 else {
            throw DigitsError(.badShape, imagesPlace, "images have three dimensions and labels one")
        }
        guard images.shape[0] == labels.shape[0] else {
            throw DigitsError(
                .mismatch, labelsPlace, "has \(labels.shape[0]) labels for \(images.shape[0]) images",
                mend: "give the labels that came with \(imagesPlace)")
        }
        if let place = labels.elements.firstIndex(where: { $0 > 9 }) {
            throw DigitsError(.badLabel, labelsPlace, "label \(place + 1) is \(labels.elements[place]), no digit")
        }
        if let point = images.elements.first(where: { $0 > highest }) {
            throw DigitsError(.badShape, imagesPlace, "a point has value \(point), above \(highest)")
        }
        let scale = 2 / Float(highest)
        self.init(
            width: images.shape[1] * images.shape[2], inputs: images.elements.map { Float($0) * scale - 1 },
            labels: labels.elements.map { Int32($0) })
    }

    init(width: Int, inputs: [Float], labels: [Int32]) {
        precondition(inputs.count == width * labels.count)
        count = labels.count
        self.width = width
        self.inputs = inputs
        self.labels = labels
    }

    /// Some of the images, in their order.
    func part(_ range: Range<Int>) -> DigitImages {
        DigitImages(
            width: width, inputs: Array(inputs[range.lowerBound * width..<range.upperBound * width]),
            labels: Array(labels[range]))
    }
}

/// What teachers learn from and what all models are tested on.
public struct DigitData: Sendable, Equatable {
    /// Its name in reports: `digits-8x8`, `mnist`.
    public var name: String
    /// For teachers.
    public var training: DigitImages
    /// For accuracies; no model learns from them.
    public var test: DigitImages

    /// - Throws: `mismatch` where test images have another size than training images.
    public init(name: String, training: DigitImages, test: DigitImages) throws(DigitsError) {
        guard training.width == test.width else {
            throw DigitsError(
                .mismatch, name, "training images have \(training.width) points, test images \(test.width)")
        }
        self.name = name
        self.training = training
        self.test = test
    }

    /// The 1,797 images of 8×8 points that are part of the program: the first 1,437 for training, the last 360 for tests.
    ///
    /// Source: Alpaydin and Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine Learning Repository, 1998,
    /// [10.24432/C50P49](https://doi.org/10.24432/C50P49), CC BY 4.0; see `fixtures/digits/README.md`.
    public static func embedded() throws(DigitsError) -> DigitData {
        let (images, labels) = (undertone_digits_images(), undertone_digits_labels())
        let all = try DigitImages(
            images: IDXArray(
                UnsafeBufferPointer(start: images.bytes, count: images.count), place: "embedded images", dimensions: 3),
            labels: IDXArray(
                UnsafeBufferPointer(start: labels.bytes, count: labels.count), place: "embedded labels", dimensions: 1),
            highest: 16, imagesPlace: "embedded images", labelsPlace: "embedded labels")
        let border = all.count * 4 / 5
        return try DigitData(
            name: "digits-8x8", training: all.part(0..<border), test: all.part(border..<all.count))
    }

    /// MNIST, or what has its form: four IDX files, unpacked.
    ///
    /// - Parameter folder: holds `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
    ///   `t10k-labels-idx1-ubyte`; with a dot before `idx` they are found, too.
    /// - Throws: ``DigitsError``.
    public static func mnist(folder: String) throws(DigitsError) -> DigitData {
        func images(_ part: String) throws(DigitsError) -> DigitImages {
            let (first, firstPlace) = try file("\(part)-images", "idx3-ubyte", dimensions: 3)
            let (second, secondPlace) = try file("\(part)-labels", "idx1-ubyte", dimensions: 1)
            return try DigitImages(
                images: first, labels: second, highest: 255, imagesPlace: firstPlace, labelsPlace: secondPlace)
        }
        func file(_ name: String, _ ending: String, dimensions: Int) throws(DigitsError) -> (IDXArray, String) {
            let usual = "\(folder)/\(name)-\(ending)"
            let other = "\(folder)/\(name).\(ending)"
            let path = isThere(usual) || !isThere(other) ? usual : other
            if !isThere(path), isThere(path + ".gz") {
                throw DigitsError(.packed, path + ".gz", "is packed with gzip", mend: "unpack it: gunzip FILE.gz")
            }
            return (try IDXArray(path: path, dimensions: dimensions), path)
        }
        return try DigitData(name: "mnist", training: images("train"), test: images("t10k"))
    }
}
