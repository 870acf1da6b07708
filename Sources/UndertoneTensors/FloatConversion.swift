// Between stored numbers and 32-bit floating-point numbers, in plain loops.

extension TensorType {
    /// Reads elements of this type; `stored` holds exactly as many as `floats`, from an address aligned to 8 bytes.
    ///
    /// What is beyond the range of 32 bits becomes infinite. Nothing is done for types that are not
    /// ``isReadableAsFloat``.
    func decode(_ stored: UnsafeRawBufferPointer, into floats: UnsafeMutableBufferPointer<Float>) {
        switch self {
        case .bf16:
            for index in floats.indices {
                let bits = UInt16(littleEndian: stored.load(fromByteOffset: index &* 2, as: UInt16.self))
                floats[index] = Float(bitPattern: UInt32(bits) << 16)
            }
        case .f16:
            for index in floats.indices {
                floats[index] = float(
                    half: UInt16(littleEndian: stored.load(fromByteOffset: index &* 2, as: UInt16.self)))
            }
        case .f32:
            for index in floats.indices {
                floats[index] = Float(
                    bitPattern: UInt32(littleEndian: stored.load(fromByteOffset: index &* 4, as: UInt32.self)))
            }
        case .f64:
            for index in floats.indices {
                floats[index] = Float(
                    Double(bitPattern: UInt64(littleEndian: stored.load(fromByteOffset: index &* 8, as: UInt64.self))))
            }
        default: break
        }
    }

    /// Writes elements of this type, rounded to nearest, ties to even; the reverse of ``decode(_:into:)``.
    func encode(_ floats: UnsafeBufferPointer<Float>, into stored: UnsafeMutableRawBufferPointer) {
        switch self {
        case .bf16:
            for index in floats.indices {
                let bits = brainFloat(floats[index])
                stored.storeBytes(of: bits.littleEndian, toByteOffset: index &* 2, as: UInt16.self)
            }
        case .f16:
            for index in floats.indices {
                let bits = halfFloat(floats[index])
                stored.storeBytes(of: bits.littleEndian, toByteOffset: index &* 2, as: UInt16.self)
            }
        case .f32:
            for index in floats.indices {
                stored.storeBytes(
                    of: floats[index].bitPattern.littleEndian, toByteOffset: index &* 4, as: UInt32.self)
            }
        case .f64:
            for index in floats.indices {
                stored.storeBytes(
                    of: Double(floats[index]).bitPattern.littleEndian, toByteOffset: index &* 8, as: UInt64.self)
            }
        default: break
        }
    }
}

// Shifted into place, the exponent of a half (bias 15) is 112 too small for a float (bias 127); one exact product mends
// that for ordinary and for subnormal numbers alike.
private func float(half: UInt16) -> Float {
    let sign = UInt32(half & 0x8000) << 16
    let rest = UInt32(half & 0x7FFF) << 13
    if half & 0x7C00 == 0x7C00 { return Float(bitPattern: sign | 0x7F80_0000 | rest & 0x007F_FFFF) }
    return Float(bitPattern: sign | (Float(bitPattern: rest) * 0x1p112).bitPattern)
}

private func brainFloat(_ number: Float) -> UInt16 {
    let bits = number.bitPattern
    // A NaN stays one, also where all its marks are in the lower half.
    guard !number.isNaN else { return UInt16(truncatingIfNeeded: bits >> 16) | 0x0040 }
    return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16) & 1) >> 16)
}

private func halfFloat(_ number: Float) -> UInt16 {
    let sign = UInt16(truncatingIfNeeded: number.bitPattern >> 16) & 0x8000
    let size = number.magnitude
    if number.isNaN { return sign | 0x7E00 }
    // Half way between the largest half, 65504, and the next step.
    if size >= 65520 { return sign | 0x7C00 }
    if size < 0x1p-14 {
        // Adding 0.5 leaves room for multiples of 2^-24, the step of subnormal halves, and rounds as the processor does.
        return sign | UInt16(truncatingIfNeeded: (size + 0.5).bitPattern &- Float(0.5).bitPattern)
    }
    let bits = size.bitPattern &- 112 << 23
    return sign | UInt16(truncatingIfNeeded: (bits &+ 0x0FFF &+ (bits >> 13) & 1) >> 13)
}
