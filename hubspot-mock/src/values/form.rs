//! Decodes queries and forms (`application/x-www-form-urlencoded`).

use std::borrow::Cow;
use std::str::Utf8Error;

use percent_encoding::percent_decode_str;

/// Decodes a query or form into pairs, in their order. A name without `=` has an empty value.
pub(crate) fn decode(text: &str) -> Result<Vec<(String, String)>, Utf8Error> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode_part(name)?, decode_part(value)?))
        })
        .collect()
}

/// Decodes a name or a value.
pub(crate) fn decode_part(part: &str) -> Result<String, Utf8Error> {
    let spaced = if part.contains('+') {
        Cow::Owned(part.replace('+', " "))
    } else {
        Cow::Borrowed(part)
    };
    Ok(percent_decode_str(&spaced).decode_utf8()?.into_owned())
}

/// Whether a `Content-Type` header says `expected`, whatever its parameters.
pub(crate) fn is_content_type(given: &[u8], expected: &str) -> bool {
    let essence = given.split(|byte| *byte == b';').next().unwrap_or_default();
    essence
        .trim_ascii()
        .eq_ignore_ascii_case(expected.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded_in_their_order() {
        let pairs = decode("a=1&b=two+words&a=%26%3D&flag&&=x").unwrap();
        let expected = [
            ("a", "1"),
            ("b", "two words"),
            ("a", "&="),
            ("flag", ""),
            ("", "x"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(pairs, expected);
        assert_eq!(decode("").unwrap(), []);
        assert!(decode("a=%FF").is_err());
    }
}
