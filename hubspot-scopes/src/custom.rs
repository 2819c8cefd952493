//! The names of object types that an account defines. Their operations need other scopes than those of HubSpot's own types.

/// Whether this names an object type that an account defines: by its id (`2-123`) or its fully qualified name (`p123_car`,
/// or `p_car` without the account).
///
/// ```
/// use hubspot_scopes::is_custom_object;
///
/// assert!(is_custom_object("2-123") && is_custom_object("p123_car") && is_custom_object("p_car"));
/// assert!(!is_custom_object("contacts") && !is_custom_object("0-1") && !is_custom_object("p123_"));
/// ```
pub const fn is_custom_object(name: &str) -> bool {
    match name.as_bytes() {
        [b'2', b'-', id @ ..] => !id.is_empty() && digits(id) == id.len(),
        [b'p', rest @ ..] => {
            let (_, rest) = rest.split_at(digits(rest));
            matches!(rest, [b'_', word @ ..] if !word.is_empty() && is_word(word))
        }
        _ => false,
    }
}

/// How many digits a text begins with.
const fn digits(text: &[u8]) -> usize {
    let mut count = 0;
    while count < text.len() && text[count].is_ascii_digit() {
        count += 1;
    }
    count
}

const fn is_word(mut text: &[u8]) -> bool {
    while let [first, rest @ ..] = text {
        if !first.is_ascii_alphanumeric() && *first != b'_' {
            return false;
        }
        text = rest;
    }
    true
}
