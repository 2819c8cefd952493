//! Finds functions with `#[hubspot_scopes]` that state more scopes than their bodies use.
//!
//! What a function states is always enough: otherwise it would not compile.

use std::collections::BTreeSet;

use hubspot_scopes::{LeastPrivilege, Requirement};

use crate::model::ScopedFunction;
use crate::power::power;

/// Returns the function with what it states for nothing, and what would be enough.
pub(super) fn checked(function: ScopedFunction) -> ScopedFunction {
    let needs: Vec<_> = function
        .calls
        .iter()
        .map(|called| called.requirement.ignoring_schemes())
        .filter(|requirement| !requirement.is_none())
        .collect();
    let states = function.states.ignoring_schemes();
    // HubSpot asks for the scopes of the types at hand.
    let of_types = needs.iter().filter(|need| need.depends_on_type());
    let of_types: BTreeSet<_> = of_types
        .flat_map(|need| {
            need.scopes()
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    let enough = match states.alternatives() {
        [all] => {
            // Of what is needed, only what is stated counts: the rest may come from bounds around the function.
            let within = |need: &Requirement| {
                let alternatives = need.alternatives().iter().cloned();
                Requirement::new(alternatives.filter(|one| one.scopes().is_subset(all.scopes())))
            };
            let needs: Vec<_> = needs.iter().map(within).collect();
            let search = LeastPrivilege::new(power()).declared(all.scopes().clone());
            let mut enough = search.satisfying(&needs);
            enough.extend(of_types.intersection(all.scopes()).cloned());
            Requirement::all_of(enough)
        }
        _ => match needs.as_slice() {
            [] => Requirement::new([]),
            [first, rest @ ..] if rest.iter().all(|other| other == first) => first.clone(),
            // No single attribute says less.
            _ => states.clone(),
        },
    };
    if enough.implies(&states) {
        return function;
    }
    let kept = enough.scopes();
    let unneeded = states.scopes().into_iter();
    ScopedFunction {
        unneeded: unneeded
            .filter(|scope| !kept.contains(scope))
            .map(str::to_owned)
            .collect(),
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
        let right = (Vec::new(), None);
        assert_eq!(check(r#""a", "b""#, &[r#""a""#, r#""b""#]), right);
        assert_eq!(check(r#""a""#, &[r#"any("a", "c")"#, ""]), right);
        assert_eq!(check(r#"any("a", "b")"#, &[r#"any("a", "b")"#]), right);
        assert_eq!(
            check(
                r#"any("a", "b")"#,
                &[r#"any("a", "b", "c")"#, r#"any("a", "b", "d")"#]
            ),
            right
        );
    }

    #[test]
    fn what_is_stated_for_nothing_is_told() {
        let told = |unneeded: &[&str], enough: &str| {
            (
                unneeded
                    .iter()
                    .map(|&scope| scope.to_owned())
                    .collect::<Vec<_>>(),
                Some(enough.to_owned()),
            )
        };
        assert_eq!(check(r#""a", "b""#, &[r#""b""#]), told(&["a"], r#""b""#));
        assert_eq!(check(r#""a", "b""#, &[]), told(&["a", "b"], ""));
        assert_eq!(
            check(r#""a.read", "b.write""#, &[r#"any("a.read", "b.write")"#]),
            told(&["b.write"], r#""a.read""#)
        );
        assert_eq!(
            check(r#"any("a", "b")"#, &[r#"any("a", "b", "c")"#]),
            told(&[], r#"any("a", "b", "c")"#)
        );
        assert_eq!(check(r#"any("a", "b")"#, &[]), told(&["a", "b"], ""));
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
