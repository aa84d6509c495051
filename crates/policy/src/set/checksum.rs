//! A checksum against accidents (cut files, flipped bits), not against anybody: who can write the cache can
//! also write its checksums.

const PRIME: u64 = 0x9e37_79b9_7f4a_7c15;

/// 64 bits over `bytes`, four lanes wide. Each step is a bijection of its lane, so any change confined to one
/// 8-byte word is always noticed. `place` is mixed in, so that bytes that moved elsewhere do not fit there.
pub fn checksum(place: u64, bytes: &[u8]) -> u64 {
    let start = PRIME ^ place.wrapping_mul(PRIME);
    let mut lanes = [start, start.rotate_left(16), start.rotate_left(32), start.rotate_left(48)];
    let (blocks, rest) = bytes.as_chunks::<32>();
    for block in blocks {
        let (parts, _) = block.as_chunks::<8>();
        for (lane, part) in lanes.iter_mut().zip(parts) {
            *lane = step(*lane, u64::from_le_bytes(*part));
        }
    }
    let mut sum = u64::try_from(bytes.len()).unwrap_or(0);
    for lane in lanes {
        sum = step(sum, lane);
    }
    for byte in rest {
        sum = step(sum, u64::from(*byte));
    }
    sum ^ (sum >> 32)
}

fn step(state: u64, input: u64) -> u64 {
    (state ^ input).wrapping_mul(PRIME).rotate_left(29)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_each_bit() {
        let bytes: Vec<u8> = (0..100).collect();
        let sum = checksum(3, &bytes);
        for bit in 0..800 {
            let mut other = bytes.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert_ne!(checksum(3, &other), sum, "bit {bit}");
        }
        assert_ne!(checksum(3, &bytes[..99]), sum);
        assert_ne!(checksum(4, &bytes), sum);
    }
}
