// The checksum of a record, against a plain second implementation bit by bit.

import CUndertone
import Testing

@Suite struct ChecksumTests {
    // CRC-32C of eight bytes behind a state, bit by bit.
    private func step(_ state: UInt32, _ bytes: ArraySlice<UInt8>) -> UInt32 {
        var state = state
        for byte in bytes {
            state ^= UInt32(byte)
            for _ in 0..<8 { state = state >> 1 ^ (state & 1 == 1 ? 0x82F6_3B78 : 0) }
        }
        return state
    }

    private func plain(_ bytes: [UInt8]) -> UInt32 {
        let filled = bytes + [UInt8](repeating: 0, count: 32 - bytes.count % 32)
        var lanes = [UInt32](repeating: .max, count: 4)
        for group in 0..<filled.count / 8 {
            lanes[group % 4] = step(lanes[group % 4], filled[group * 8..<group * 8 + 8])
        }
        let factors: [UInt64] = [
            0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0xD6E8_FEB8_6659_FD93, 0xA076_1D64_78BD_642F,
        ]
        var mixed = UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15
        for (lane, factor) in zip(lanes, factors) { mixed = mixed &+ UInt64(lane) &* factor }
        for factor: UInt64 in [0xFF51_AFD7_ED55_8CCD, 0xC4CE_B9FE_1A85_EC53] { mixed = (mixed ^ mixed >> 33) &* factor }
        return UInt32(truncatingIfNeeded: mixed ^ mixed >> 33)
    }

    @Test("is the same in one piece, in many, and by hand", arguments: 0..<60 as Range<UInt64>)
    func pieces(seed: UInt64) {
        var random = Numbers(seed: seed)
        let bytes = (0..<random.below(seed % 3 == 0 ? 40 : 600)).map { _ in UInt8(random.below(256)) }
        let whole = bytes.withUnsafeBufferPointer { undertone_checksum_of($0.baseAddress, $0.count) }
        #expect(whole == plain(bytes))
        var state = undertone_checksum()
        undertone_checksum_begin(&state)
        var start = 0
        while start < bytes.count {
            let count = min(1 + random.below(70), bytes.count - start)
            Array(bytes[start..<start + count]).withUnsafeBufferPointer {
                undertone_checksum_add(&state, $0.baseAddress, $0.count)
            }
            start += count
        }
        #expect(undertone_checksum_end(&state) == whole)
    }

    @Test func `one bit, zeros at the end and two records that changed places are told apart`() {
        var random = Numbers(seed: 5)
        let bytes = (0..<200).map { _ in UInt8(random.below(256)) }
        var seen: Set<UInt32> = [plain(bytes)]
        for bit in 0..<1600 {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(seen.insert(plain(changed)).inserted)
        }
        // The same change in two places.
        for first in stride(from: 0, to: 192, by: 8) {
            for second in stride(from: first + 8, to: 200, by: 8) {
                var changed = bytes
                changed[first] ^= 3
                changed[second] ^= 3
                #expect(seen.insert(plain(changed)).inserted)
            }
        }
        for zeros in 1..<70 { #expect(seen.insert(plain(bytes + [UInt8](repeating: 0, count: zeros))).inserted) }
        #expect(seen.insert(plain(Array(bytes[8...] + bytes[..<8]))).inserted)
    }
}
