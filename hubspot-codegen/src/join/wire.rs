//! How the names of fields in JSON follow from those in Rust, as serde derives them.

use super::Member;

/// Notes which fields serde would not name as HubSpot does. Returns whether it names them in `camelCase`.
pub(super) fn set_renamed(members: &mut [Member<'_>]) -> bool {
    let is_camel_case = is_camel_case(members);
    for member in members {
        let plain = member.ident.plain();
        let derived = if is_camel_case {
            camel_case(plain)
        } else {
            plain.to_owned()
        };
        member.is_renamed = derived != member.field.name;
    }
    is_camel_case
}

/// Returns whether one attribute for all fields says more than an attribute for each.
fn is_camel_case(members: &[Member<'_>]) -> bool {
    let count = |as_serde: fn(&str) -> String| {
        let members = members.iter();
        let fits = members.filter(|member| as_serde(member.ident.plain()) == member.field.name);
        fits.count()
    };
    count(camel_case) > count(str::to_owned)
}

/// What serde makes of a field's name under `rename_all = "camelCase"`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |joined, word| {
        let mut letters = word.chars();
        let head = letters.next().map(|letter| letter.to_ascii_uppercase());
        joined + &head.into_iter().chain(letters).collect::<String>()
    })
}
