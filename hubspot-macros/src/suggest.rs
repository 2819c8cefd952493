//! Suggestions for scopes and requirements that do not exist: the nearest one that does.

use hubspot_scopes::Requirement;

/// A requirement of more alternatives is no suggestion: nobody could copy it, and nearly every scope satisfies it.
const LONGEST_SUGGESTION: usize = 12;

/// The scope that is spelled most like `unknown`, if it is nearly the same.
pub(crate) fn nearest_scope<'a>(
    unknown: &str,
    known: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let distance = |scope: &&str| strsim::osa_distance(&unknown.to_lowercase(), scope);
    let nearest = known.min_by_key(|scope| (distance(scope), *scope))?;
    (distance(&nearest) <= 1 + unknown.len() / 10).then_some(nearest)
}

/// The requirement that has most alternatives in common with `unknown` and fewest besides.
pub(crate) fn nearest_requirement<'a>(
    unknown: &Requirement,
    known: impl Iterator<Item = &'a Requirement>,
) -> Option<&'a Requirement> {
    let wanted = unknown.alternatives();
    let common = |other: &Requirement| {
        other
            .alternatives()
            .iter()
            .filter(|one| wanted.contains(one))
            .count()
    };
    known
        .filter(|other| other.alternatives().len() <= LONGEST_SUGGESTION && common(other) > 0)
        .min_by_key(|other| {
            (
                wanted.len() + other.alternatives().len() - 2 * common(other),
                *other,
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_recognised() {
        let known = [
            "crm.objects.contacts.read",
            "crm.objects.contacts.write",
            "oauth",
        ];
        let nearest = |unknown| nearest_scope(unknown, known.into_iter());
        assert_eq!(nearest("crm.objects.contact.read"), Some(known[0]));
        assert_eq!(nearest("crm.objects.contacts.wirte"), Some(known[1]));
        assert_eq!(nearest("CRM.Objects.Contacts.Read"), Some(known[0]));
        assert_eq!(nearest("outh"), Some("oauth"));
        assert_eq!(nearest("files"), None);
        assert_eq!(nearest(""), None);
    }

    #[test]
    fn the_requirement_with_most_in_common_is_the_nearest() {
        let requirement = |text: &str| text.parse::<Requirement>().unwrap();
        let long: Vec<_> = ('a'..='z').map(|scope| format!("\"{scope}\"")).collect();
        let known = [
            requirement(r#"any("a", "b", "c")"#),
            requirement(r#"any("a", "d")"#),
            requirement(&format!("any({})", long.join(", "))),
        ];
        let nearest = |text: &str| nearest_requirement(&requirement(text), known.iter());
        assert_eq!(nearest(r#"any("a", "b")"#), Some(&known[0]));
        assert_eq!(nearest(r#"any("d", "e")"#), Some(&known[1]));
        assert_eq!(nearest(r#"any("x", "y")"#), None);
    }
}
