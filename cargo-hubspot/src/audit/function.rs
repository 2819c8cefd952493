//! Finds functions with `#[hubspot_scopes]` that state more scopes than their bodies use.
//!
//! What a function states is always enough: otherwise it would not compile.

use std::collections::BTreeSet;

use hubspot_scopes::{LeastPrivilege, Requirement};

use crate::model::ScopedFunction;
use crate::operations::of_both_types;
use crate::power::power;

/// Returns the function with the scopes that it states without need, and with what would be enough.
pub(super) fn checked(function: ScopedFunction) -> ScopedFunction {
    let needs = function.calls.iter();
    let needs = needs.map(|called| called.requirement.ignoring_logins());
    let needs: Vec<_> = needs.filter(|need| !need.is_none()).collect();
    let all_stated = function.states.ignoring_logins();
    // HubSpot requires the scopes of the types at hand.
    let calls = function.calls.iter();
    let of_both = calls.filter_map(|called| of_both_types(&called.operation, &called.requirement));
    let of_both: Vec<_> = of_both.collect();
    let of_types = needs.iter().filter(|need| need.depends_on_type());
    let of_types = of_types.chain(&of_both).flat_map(Requirement::scopes);
    let of_types: BTreeSet<_> = of_types.collect();
    let enough = match all_stated.alternatives() {
        [all] => {
            // Of what is needed, only what is stated counts: the rest may come from bounds around the function.
            let within = |need: &Requirement| {
                let alternatives = need.alternatives().iter().cloned();
                Requirement::new(alternatives.filter(|one| one.scopes().is_subset(all.scopes())))
            };
            let needs: Vec<_> = needs.iter().map(within).collect();
            let search = LeastPrivilege::new(power()).declared(all.scopes().clone());
            let mut enough = search.satisfying(&needs);
            let scopes = all.scopes().iter();
            enough.extend(
                scopes
                    .filter(|scope| of_types.contains(scope.as_str()))
                    .cloned(),
            );
            Requirement::all_of(enough)
        }
        _ => match needs.as_slice() {
            [] => Requirement::new([]),
            [first, rest @ ..] if rest.iter().all(|other| other == first) => first.clone(),
            // No single attribute says less.
            _ => all_stated.clone(),
        },
    };
    if enough.implies(&all_stated) {
        return function;
    }
    let kept = enough.scopes();
    let unneeded = all_stated
        .scopes()
        .into_iter()
        .filter(|scope| !kept.contains(scope));
    ScopedFunction {
        unneeded: unneeded.map(str::to_owned).collect(),
        enough: Some(enough.clone()),
        ..function
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Called, Place};

    /// What is unneeded, and what would be enough.
    fn check(states: &str, calls: &[&str]) -> (Vec<String>, Option<String>) {
        let called = |requirement: &&str| Called {
            operation: "a.b".to_owned(),
            requirement: requirement.parse().unwrap(),
            line: 1,
        };
        let function = checked(ScopedFunction {
            function: "f".to_owned(),
            place: Place::default(),
            states: states.parse().unwrap(),
            calls: calls.iter().map(called).collect(),
            unneeded: Vec::new(),
            enough: None,
        });
        (
            function.unneeded,
            function.enough.map(|enough| enough.to_string()),
        )
    }

    #[test]
    fn what_is_used_is_right() {
        for (states, calls) in [
            (r#""a", "b""#, &[r#""a""#, r#""b""#][..]),
            (r#""a""#, &[r#"any("a", "c")"#, ""]),
            (r#"any("a", "b")"#, &[r#"any("a", "b")"#]),
            (
                r#"any("a", "b")"#,
                &[r#"any("a", "b", "c")"#, r#"any("a", "b", "d")"#],
            ),
        ] {
            assert_eq!(check(states, calls), (Vec::new(), None), "{states}");
        }
    }

    #[test]
    fn what_is_stated_for_nothing_is_told() {
        for (states, calls, unneeded, enough) in [
            (r#""a", "b""#, &[r#""b""#][..], &["a"][..], r#""b""#),
            (r#""a", "b""#, &[], &["a", "b"], ""),
            (
                r#""a.read", "b.write""#,
                &[r#"any("a.read", "b.write")"#],
                &["b.write"],
                r#""a.read""#,
            ),
            (
                r#"any("a", "b")"#,
                &[r#"any("a", "b", "c")"#],
                &[],
                r#"any("a", "b", "c")"#,
            ),
            (r#"any("a", "b")"#, &[], &["a", "b"], ""),
        ] {
            let unneeded = unneeded.iter().map(|&scope| scope.to_owned()).collect();
            assert_eq!(
                check(states, calls),
                (unneeded, Some(enough.to_owned())),
                "{states}"
            );
        }
    }

    #[test]
    fn operations_on_any_type_use_the_scopes_of_all_types() {
        let associate = r#"any("crm.objects.a.read", "crm.objects.b.read", "crm.objects.c.read")"#;
        let states = r#""crm.objects.a.read", "crm.objects.b.read""#;
        assert_eq!(check(states, &[associate]), (Vec::new(), None));
    }

    #[test]
    fn what_the_bounds_around_it_give_need_not_be_stated() {
        assert_eq!(check(r#""a""#, &[r#""a""#, r#""b""#]), (Vec::new(), None));
    }
}
