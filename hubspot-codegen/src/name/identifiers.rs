//! Rust identifiers for names on the wire.
//!
//! An identifier depends on the text alone, never on what else is named beside it.
//!
//! 1. ASCII letters and digits count, and spaces, `_`, `-`, `.`, brackets and the like separate words: `first-name` is
//!    `first_name`.
//! 2. In names of fields and variants, signs and other symbols have names: `-1` is `Minus1`, `C++` is `CPlusPlus`, `>=` is
//!    `GreaterThanOrEqual`. So have separators where a text has nothing else, the empty text (`Empty`), and characters
//!    outside of ASCII: `é` is `U00e9`.
//! 3. A name that begins with a digit gets an `n` in front: `2fa` is `n2fa`.
//! 4. A keyword is written raw, `r#type`; where Rust has no raw form, and where the name means something else in the
//!    generated code, it gets an underscore: `self_`, `Option_`.

use std::fmt::Write as _;

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::model::Identifier;

/// The name of a value: a field, an argument, a method, a module.
pub(crate) fn snake(text: &str) -> Identifier {
    let name = start_with_letter(words(text).to_snake_case(), 'n');
    if WITHOUT_RAW_FORM.contains(&name.as_str()) {
        Identifier::new(format!("{name}_"))
    } else if KEYWORDS.contains(&name.as_str()) {
        Identifier::raw(name)
    } else {
        Identifier::new(name)
    }
}

/// The name of a value, with an underscore if it is one of those that are taken.
pub(super) fn snake_besides(text: &str, taken: &[&str]) -> Identifier {
    let name = snake(text);
    if taken.contains(&name.plain()) {
        Identifier::new(format!("{}_", name.plain()))
    } else {
        name
    }
}

/// The name of a variant. `Other` is reserved for unknown values.
pub(crate) fn variant(text: &str) -> Identifier {
    let mut name = String::new();
    for word in words(text).split_whitespace() {
        let word = word.to_upper_camel_case();
        // Otherwise `1-5` and `15` would have one name.
        if name.ends_with(|last: char| last.is_ascii_digit())
            && word.starts_with(|first: char| first.is_ascii_digit())
        {
            name.push('_');
        }
        name.push_str(&word);
    }
    let name = start_with_letter(name, 'N');
    if ["Other", "Self"].contains(&name.as_str()) {
        Identifier::new(format!("{name}_"))
    } else {
        Identifier::new(name)
    }
}

/// A text in Pascal case.
pub(super) fn pascal(text: &str) -> String {
    let letters = |character: char| {
        if character.is_alphanumeric() {
            character
        } else {
            ' '
        }
    };
    let text = text.chars().map(letters).collect::<String>();
    let name = words(text.trim()).to_upper_camel_case();
    let name = start_with_letter(hubspot_scopes::spell_oauth(&name), 'N');
    if name == "Self" {
        "Self_".to_owned()
    } else {
        name
    }
}

/// The name of a type.
pub(crate) fn type_name(text: &str) -> Identifier {
    let name = pascal(text);
    if PRELUDE.contains(&name.as_str()) {
        Identifier::new(format!("{name}_"))
    } else {
        Identifier::new(name)
    }
}

/// `V2026_03` for `v2026_03`: words are joined, and numbers are not.
pub(super) fn version_handle(module: &Identifier) -> Identifier {
    let words = module.plain().split('_').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    let joined = words.reduce(|joined, word| {
        let is_number = word.starts_with(|first: char| first.is_ascii_digit());
        joined + if is_number { "_" } else { "" } + &word
    });
    Identifier::new(joined.unwrap_or_default())
}

/// Returns whether a text is an identifier of a value that needs no escape.
pub(crate) fn is_identifier(text: &str) -> bool {
    snake(text).to_string() == text
}

/// The trait with the setters of a set of optional parameters, where they cannot be inherent methods.
pub(crate) fn extension(set: &Identifier) -> Identifier {
    type_name(&format!("{} parameters", set.plain()))
}

/// The name of a constant.
pub(crate) fn constant(text: &str) -> Identifier {
    let name = start_with_letter(words(text).to_snake_case(), 'n');
    Identifier::new(name.to_ascii_uppercase())
}

/// The words of a text, separated by spaces.
fn words(text: &str) -> String {
    if text.is_empty() {
        return "empty".to_owned();
    }
    let has_words = text
        .chars()
        .any(|character| character.is_ascii_alphanumeric());
    let mut words = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let next = rest.clone().next();
        let is_digit = |character: Option<char>| character.is_some_and(|c| c.is_ascii_digit());
        let name = match (character, next) {
            (letter, _) if letter.is_ascii_alphanumeric() => {
                words.push(letter);
                before = Some(letter);
                continue;
            }
            ('>' | '<' | '!', Some('=')) => {
                rest.next();
                match character {
                    '>' => "greater than or equal",
                    '<' => "less than or equal",
                    _ => "not equal",
                }
            }
            ('-', _) if is_digit(next) && !before.is_some_and(|c: char| c.is_alphanumeric()) => {
                "minus"
            }
            ('.', _) if is_digit(next) && is_digit(before) => "point",
            (other, _) if other.is_ascii() => {
                symbol(other).unwrap_or_else(|| if has_words { "" } else { separator(other) })
            }
            _ => "",
        };
        if name.is_empty()
            && (!character.is_ascii() || (!has_words && character.is_ascii_control()))
        {
            // Writing to a string cannot fail.
            let _ = write!(words, " u{:04x} ", u32::from(character));
        } else {
            words.push(' ');
            words.push_str(name);
            words.push(' ');
        }
        before = Some(character);
    }
    words
}

/// What identifiers leave out of a text: the case of its letters, and what separates its words.
pub(super) fn spelling(text: &str) -> String {
    let has = |is: fn(&char) -> bool| text.chars().any(|letter| is(&letter));
    let case = match (has(char::is_ascii_uppercase), has(char::is_ascii_lowercase)) {
        (true, true) => "mixed",
        (true, false) => "upper",
        (false, _) => "",
    };
    let separators = text.chars().map(separator).filter(|name| !name.is_empty());
    let mut words = [case].into_iter().chain(separators).collect::<Vec<_>>();
    words.dedup();
    words.retain(|word| !word.is_empty());
    if words.is_empty() {
        return "lower".to_owned();
    }
    words.join(" ").to_snake_case()
}

/// The name of a sign that says something wherever it stands.
const fn symbol(character: char) -> Option<&'static str> {
    Some(match character {
        '+' => "plus",
        '<' => "less than",
        '>' => "greater than",
        '=' => "equals",
        '!' => "not",
        '%' => "percent",
        '&' => "and",
        '*' => "asterisk",
        '@' => "at",
        '#' => "hash",
        '$' => "dollar",
        '^' => "caret",
        '~' => "tilde",
        '?' => "question",
        _ => return None,
    })
}

/// The name of a character that separates words, in a text that has no words. Empty for a control character.
const fn separator(character: char) -> &'static str {
    match character {
        ' ' => "space",
        '_' => "underscore",
        '-' => "minus",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '/' => "slash",
        '\\' => "backslash",
        '|' => "bar",
        '\'' => "apostrophe",
        '"' => "quote",
        '`' => "backtick",
        '(' => "open parenthesis",
        ')' => "close parenthesis",
        '[' => "open bracket",
        ']' => "close bracket",
        '{' => "open brace",
        '}' => "close brace",
        _ => "",
    }
}

fn start_with_letter(name: String, letter: char) -> String {
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("{letter}{name}")
    } else {
        name
    }
}

/// Keywords of edition 2024, those reserved for later included.
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

const WITHOUT_RAW_FORM: [&str; 3] = ["crate", "self", "super"];

/// Types and traits that the generated code calls by these names.
const PRELUDE: [&str; 16] = [
    "AsRef",
    "BTreeMap",
    "Box",
    "Clone",
    "DateTime",
    "Default",
    "From",
    "Into",
    "IntoIterator",
    "Option",
    "Properties",
    "Secret",
    "String",
    "ToString",
    "Value",
    "Vec",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn text(identifier: &Identifier) -> String {
        identifier.to_string()
    }

    #[test]
    fn words_are_separated_by_case_and_by_separators() {
        assert_eq!(
            text(&snake("propertiesWithHistory")),
            "properties_with_history"
        );
        assert_eq!(text(&snake("first-name")), "first_name");
        assert_eq!(
            text(&type_name("Batch input«Contact»")),
            "BatchInputContact"
        );
        assert_eq!(text(&type_name("List<Thing>")), "ListThing");
        assert_eq!(
            text(&constant("v3.line_items.gdpr_delete")),
            "V3_LINE_ITEMS_GDPR_DELETE"
        );
    }

    #[test]
    fn signs_and_symbols_have_names() {
        for (text, name) in [
            ("-1", "Minus1"),
            ("+1", "Plus1"),
            ("1", "N1"),
            ("1-5", "N1_5"),
            ("15", "N15"),
            ("1.5", "N1Point5"),
            ("-1.5", "Minus1Point5"),
            ("a-1", "A1"),
            (">", "GreaterThan"),
            (">=", "GreaterThanOrEqual"),
            ("!=", "NotEqual"),
            ("=", "Equals"),
            ("->", "MinusGreaterThan"),
            ("C++", "CPlusPlus"),
            ("C#", "CHash"),
            ("", "Empty"),
            (" ", "Space"),
            ("\t", "U0009"),
            ("_", "Underscore"),
            ("größe", "GrU00f6U00dfE"),
            ("中", "U4e2d"),
            ("2fa", "N2fa"),
            ("Other", "Other_"),
            ("self", "Self_"),
        ] {
            assert_eq!(self::text(&variant(text)), name, "{text:?}");
        }
        assert_eq!(text(&snake("-1")), "minus_1");
        assert_eq!(text(&snake("@id")), "at_id");
        assert_eq!(text(&snake("größe")), "gr_u00f6_u00df_e");
        assert_eq!(text(&snake("%")), "percent");
        assert_eq!(text(&snake("")), "empty");
    }

    #[test]
    fn every_character_has_an_identifier() {
        for character in '\0'..='\u{3000}' {
            for text in [character.to_string(), format!("a{character}1")] {
                for name in [snake(&text), variant(&text), type_name(&text)] {
                    let name = self::text(&name);
                    let parsed = syn::parse_str::<syn::Ident>(&name);
                    assert!(parsed.is_ok() && name.is_ascii(), "{text:?}: {name}");
                }
            }
        }
    }

    #[test]
    fn keywords_are_raw_where_they_can_be() {
        assert_eq!(text(&snake("type")), "r#type");
        assert_eq!(text(&snake("self")), "self_");
        assert_eq!(pascal("self"), "Self_");
        assert_eq!(text(&type_name("Option")), "Option_");
        assert_eq!(text(&snake_besides("new", &["new"])), "new_");
        for keyword in KEYWORDS {
            assert!(
                syn::parse_str::<syn::Ident>(&text(&snake(keyword))).is_ok(),
                "{keyword}"
            );
        }
    }
}
