//! A hash that is the same in every process.

/// FNV-1a with 64 bits. It tells damaged and different texts apart, and is no protection against tampering.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}
