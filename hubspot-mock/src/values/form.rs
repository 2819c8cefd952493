//! Decodes queries and forms (`application/x-www-form-urlencoded`).

use std::str::Utf8Error;

use percent_encoding::percent_decode_str;
use url::form_urlencoded;

/// Decodes a query or form into pairs, in their order. A name without `=` has an empty value.
pub(crate) fn decode(text: &str) -> Result<Vec<(String, String)>, Utf8Error> {
    // The parser would replace what is not UTF-8.
    percent_decode_str(text).decode_utf8()?;
    Ok(form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect())
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
