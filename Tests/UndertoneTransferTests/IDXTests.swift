// IDX files: good ones, and each way in which a file can be wrong.

import CDigits
import Foundation
import Testing

@testable import UndertoneTransfer

/// The bytes of an IDX file.
private func idx(type: UInt8 = 8, _ sizes: [UInt32], elements: Int, value: UInt8 = 0) -> [UInt8] {
    [0, 0, type, UInt8(sizes.count)]
        + sizes.flatMap { size in (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } }
        + [UInt8](repeating: value, count: elements)
}

@Suite struct IDXTests {
    @Test func `an array has its sizes and elements`() throws {
        let array = try IDXArray([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 9, 8, 7, 6, 5, 4], place: "x", dimensions: 2)
        #expect(array.shape == [2, 3])
        #expect(array.elements == [9, 8, 7, 6, 5, 4])
    }

    @Test func `a size has its highest byte first`() throws {
        #expect(try IDXArray(idx([258], elements: 258), place: "x", dimensions: 1).shape == [258])
    }

    @Test(
        "a hostile file is an error of its own kind",
        arguments: [
            ("nothing", [], .badMagic),
            ("three bytes", [0, 0, 8], .badMagic),
            ("text", Array("digits".utf8), .badMagic),
            ("gzip", [0x1F, 0x8B, 8, 0, 0], .packed),
            ("floats", idx(type: 0x0D, [1, 1, 1], elements: 4), .badType),
            ("an unknown type", idx(type: 0x77, [1, 1, 1], elements: 1), .badType),
            ("labels for images", idx([5], elements: 5), .badShape),
            ("255 dimensions", [0, 0, 8, 255], .badShape),
            ("a head that breaks off", [0, 0, 8, 3, 0, 0, 0, 1, 0, 0], .truncated),
            ("a size of 0", idx([1, 0, 1], elements: 0), .badShape),
            ("sizes beyond memory", idx([.max, .max, .max], elements: 0), .badShape),
            ("sizes whose product is 0 in 64 bits", idx([1 << 31, 1 << 31, 4], elements: 0), .badShape),
            ("an element too few", idx([2, 2, 2], elements: 7), .truncated),
            ("an element too many", idx([2, 2, 2], elements: 9), .trailingBytes),
        ] as [(String, [UInt8], DigitsError.Code)])
    func hostile(name: String, bytes: [UInt8], code: DigitsError.Code) {
        let error = #expect(throws: DigitsError.self) { try IDXArray(bytes, place: "file", dimensions: 3) }
        #expect(error?.code == code, "\(name)")
        #expect(error?.description.hasPrefix("file: ") == true)
    }

    @Test func `any start of a good file is an error, and none is a crash`() {
        let bytes = idx([2, 2, 2], elements: 8)
        for count in 0..<bytes.count {
            #expect(throws: DigitsError.self) { try IDXArray(bytes.prefix(count), place: "file", dimensions: 3) }
        }
    }

    @Test func `labels that don't fit are told`() throws {
        let images = try IDXArray(idx([2, 1, 1], elements: 2), place: "i", dimensions: 3)
        func code(_ labels: [UInt8]) throws -> DigitsError.Code? {
            let array = try IDXArray(idx([UInt32(labels.count)], elements: 0) + labels, place: "l", dimensions: 1)
            return #expect(throws: DigitsError.self) {
                try DigitImages(images: images, labels: array, highest: 16, imagesPlace: "i", labelsPlace: "l")
            }?.code
        }
        #expect(try code([1]) == .mismatch)
        #expect(try code([1, 2, 3]) == .mismatch)
        #expect(try code([1, 10]) == .badLabel)
    }

    @Test func `a point above the highest is told`() throws {
        let images = try IDXArray(idx([1, 1, 1], elements: 1, value: 17), place: "i", dimensions: 3)
        let labels = try IDXArray(idx([1], elements: 1), place: "l", dimensions: 1)
        let error = #expect(throws: DigitsError.self) {
            try DigitImages(images: images, labels: labels, highest: 16, imagesPlace: "i", labelsPlace: "l")
        }
        #expect(error?.code == .badShape)
    }
}

@Suite struct DigitDataTests {
    @Test func `the embedded images are all there`() throws {
        let data = try DigitData.embedded()
        #expect(data.training.count == 1_437 && data.test.count == 360)
        #expect(data.training.width == 64)
        #expect(data.training.inputs.min() == -1 && data.training.inputs.max() == 1)
        // How many of each digit: what the documentation of scikit-learn's copy says.
        let labels = data.training.labels + data.test.labels
        let counts = (0..<10).map { digit in labels.filter { $0 == digit }.count }
        #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    }

    @Test func `the embedded images are the files of fixtures`() throws {
        let folder = URL(filePath: #filePath).appending(path: "../../../fixtures/digits").standardized
        let (images, labels) = (undertone_digits_images(), undertone_digits_labels())
        let files = try ["images.idx3-ubyte", "labels.idx1-ubyte"].map {
            try Data(contentsOf: folder.appending(path: $0))
        }
        #expect(files[0].elementsEqual(UnsafeBufferPointer(start: images.bytes, count: images.count)))
        #expect(files[1].elementsEqual(UnsafeBufferPointer(start: labels.bytes, count: labels.count)))
    }

    @Test func `a folder with the files of MNIST is read, under both of their names`() throws {
        for dot in ["-", "."] {
            try inFolder { folder in
                for part in ["train", "t10k"] {
                    let images = Data(idx([2, 2, 3], elements: 12, value: 255))
                    try images.write(to: folder.appending(path: "\(part)-images\(dot)idx3-ubyte"))
                    let labels = Data(idx([2], elements: 2, value: 7))
                    try labels.write(to: folder.appending(path: "\(part)-labels\(dot)idx1-ubyte"))
                }
                let data = try DigitData.mnist(folder: folder.path)
                #expect(data.training.width == 6 && data.test.count == 2)
                #expect(data.training.inputs.allSatisfy { $0 == 1 })
                #expect(data.test.labels == [7, 7])
            }
        }
    }

    @Test func `what is missing, packed or no file is told with its name`() throws {
        try inFolder { folder in
            func failure() -> DigitsError? {
                #expect(throws: DigitsError.self) { try DigitData.mnist(folder: folder.path) }
            }
            #expect(failure()?.code == .unreadable)
            #expect(failure()?.place.hasSuffix("train-images-idx3-ubyte") == true)
            let packed = folder.appending(path: "train-images-idx3-ubyte.gz")
            try Data([0x1F, 0x8B]).write(to: packed)
            #expect(failure()?.code == .packed)
            let place = folder.appending(path: "train-images-idx3-ubyte")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
            #expect(failure()?.problem == "is no ordinary file")
        }
        #expect(throws: DigitsError.self) { try IDXArray(path: "/dev/zero", dimensions: 3) }
    }

    private func inFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "digits-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }
}
