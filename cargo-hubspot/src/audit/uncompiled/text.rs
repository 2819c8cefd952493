//! The texts in tokens, and tokens as text.

use proc_macro2::{TokenStream, TokenTree};

/// The values of the string literals among tokens, groups included.
pub(super) fn literals(tokens: &TokenStream) -> Vec<String> {
    let mut values = Vec::new();
    for token in tokens.clone() {
        match token {
            TokenTree::Literal(literal) => values.extend(value(&literal.to_string())),
            TokenTree::Group(group) => values.extend(literals(&group.stream())),
            _ => {}
        }
    }
    values
}

/// The value of a string literal.
fn value(literal: &str) -> Option<String> {
    if let Some(raw) = literal.strip_prefix('r') {
        let raw = raw.trim_matches('#');
        return Some(raw.strip_prefix('"')?.strip_suffix('"')?.to_owned());
    }
    let quoted = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut value = String::new();
    let mut signs = quoted.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => match signs.next()? {
                'n' => value.push('\n'),
                't' => value.push('\t'),
                'u' => {
                    let code: String = signs.by_ref().take_while(|sign| *sign != '}').collect();
                    let code = u32::from_str_radix(code.trim_start_matches('{'), 16).ok()?;
                    value.push(char::from_u32(code)?);
                }
                other => value.push(other),
            },
            sign => value.push(sign),
        }
    }
    Some(value)
}

/// Tokens as they are usually written.
pub(super) fn spaced(tokens: &TokenStream) -> String {
    let text = tokens.to_string();
    let text = text
        .replace(" (", "(")
        .replace("( ", "(")
        .replace(" )", ")");
    text.replace(" ,", ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_have_their_values() {
        let tokens = r##"a("b\n\"\u{e9}", [r#"c"d"#, 1, 'e'])"##.parse().unwrap();
        assert_eq!(literals(&tokens), ["b\n\"é", "c\"d"]);
    }
}
