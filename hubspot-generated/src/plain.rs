//! What a JSON string has as it is.

/// How many bytes stand before the first quote, backslash or control character: what a JSON string has as it is.
pub(crate) fn plain_length(text: &[u8]) -> usize {
    for (index, word) in text.as_chunks().0.iter().enumerate() {
        if let Some(at) = first_special(*word) {
            return index * 8 + at;
        }
    }
    // The last word overlaps what is known to be plain.
    if let Some(word) = text.last_chunk() {
        return first_special(*word).map_or(text.len(), |at| text.len() - 8 + at);
    }
    let is_special = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < b' ';
    text.iter().position(is_special).unwrap_or(text.len())
}

/// Returns whether a JSON string has the text as it is.
pub(crate) fn is_plain(text: &str) -> bool {
    plain_length(text.as_bytes()) == text.len()
}

/// The first quote, backslash or control character of eight bytes, found without a loop.
fn first_special(bytes: [u8; 8]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    // Sets the high bit of the first byte that is below `limit`, and of no byte before it.
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word;
    let equal = |word: u64, byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    let word = u64::from_le_bytes(bytes);
    let special = below(word, b' ') | equal(word, b'"') | equal(word, b'\\');
    let special = special & (ONES << 7);
    (special != 0).then_some(special.trailing_zeros() as usize / 8)
}

#[cfg(test)]
mod tests {
    use super::plain_length;

    #[test]
    fn the_first_special_byte_is_found_wherever_it_stands() {
        let is_special = |byte: u8| byte == b'"' || byte == b'\\' || byte < b' ';
        for length in 0..=20 {
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    for other in [b'!', b'"', b'\n', 0x80, 0xff] {
                        let mut text = vec![b'a'; length];
                        text[at] = byte;
                        if at + 1 < length {
                            text[at + 1] = other;
                        }
                        let first = text.iter().position(|byte| is_special(*byte));
                        assert_eq!(plain_length(&text), first.unwrap_or(length), "{text:?}");
                    }
                }
            }
        }
    }
}
