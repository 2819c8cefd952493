//! How deep YAML text nests, by its indentation, dashes and brackets alone.
//!
//! The parser calls itself for each level, and a stack that overflows ends the program. So text with more levels than it can
//! take is refused before it is parsed. Brackets within quoted text count too: only documents with hundreds of brackets that
//! are never closed are refused wrongly.

/// Returns whether text nests more than `levels` deep.
pub(super) fn is_deeper_than(text: &[u8], levels: usize) -> bool {
    let mut columns = Vec::<usize>::new();
    let mut brackets = 0_usize;
    for line in text.split(|byte| *byte == b'\n') {
        let mut column = line.iter().take_while(|byte| **byte == b' ').count();
        if column == line.len() || line[column] == b'#' {
            continue;
        }
        columns.retain(|open| *open < column);
        columns.push(column);
        // `- - - a` opens a list in a list in a list.
        while matches!(line[column..], [b'-' | b'?' | b':', b' ', ..]) {
            column += 1;
            column += line[column..]
                .iter()
                .take_while(|byte| **byte == b' ')
                .count();
            columns.push(column);
            if columns.len() > levels {
                return true;
            }
        }
        for byte in &line[column..] {
            match byte {
                b'[' | b'{' => brackets += 1,
                b']' | b'}' => brackets = brackets.saturating_sub(1),
                _ => {}
            }
            if columns.len() + brackets > levels {
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_deeper_than;

    #[test]
    fn levels_are_counted() {
        for (text, levels) in [
            ("a: 1\nb: 2\n", 1),
            ("a:\n  b:\n    c: 1\nd: 1\n", 3),
            ("- - - a\n- b\n", 4),
            ("? ? a\n", 3),
            ("a: [{b: [1]}]\nc: [2]\n", 4),
            ("a: [\n\n1]\n# {{{{{{{{\n", 2),
        ] {
            assert!(is_deeper_than(text.as_bytes(), levels - 1), "{text}");
            assert!(!is_deeper_than(text.as_bytes(), levels), "{text}");
        }
    }
}
