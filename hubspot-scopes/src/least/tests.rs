//! Choices between alternatives, one idea each.

use super::*;

fn least(requirements: &[&str]) -> Vec<String> {
    let requirements = requirements
        .iter()
        .map(|text| text.parse().unwrap())
        .collect::<Vec<_>>();
    least_privilege(&requirements)
        .into_iter()
        .collect::<Vec<_>>()
}

#[test]
fn nothing_needs_nothing() {
    assert!(least(&[]).is_empty());
    assert!(least(&["", ""]).is_empty());
}

#[test]
fn ties_go_to_reading_then_to_the_alphabet() {
    assert_eq!(
        least(&[r#"any("a.write", "b.sensitive.read", "c.read")"#]),
        ["c.read"]
    );
    assert_eq!(
        least(&[r#"any("a.write", "b.sensitive.read")"#]),
        ["a.write"]
    );
    assert_eq!(
        least(&[r#"any("a.highly_sensitive.read", "b.sensitive.write")"#]),
        ["b.sensitive.write"]
    );
    assert_eq!(
        least(&[r#"any("e-commerce", "line_items.read")"#]),
        ["line_items.read"]
    );
    assert_eq!(least(&[r#"any("b.read", "a.read")"#]), ["a.read"]);
}

#[test]
fn scopes_of_every_login_come_before_those_of_one() {
    const OWNERS: &str = r#"any("owners.write", private_apps("a.read"))"#;
    assert_eq!(least(&[OWNERS]), ["owners.write"]);
    assert_eq!(least(&[r#"any(private_apps("a.read"))"#]), ["a.read"]);
    let power = Power::default();
    for (declared, expected) in [
        (&["a.read"][..], "a.read"),
        (&["a.read", "owners.write"], "owners.write"),
    ] {
        let declared = declared.iter().map(|&scope| scope.to_owned()).collect();
        let search = LeastPrivilege::new(&power).declared(declared);
        let chosen = search.satisfying(&[OWNERS.parse().unwrap()]);
        assert_eq!(Vec::from_iter(chosen), [expected]);
    }
    // With either login, both are enough.
    assert_eq!(
        least(&[r#"any(oauth2("a.read"), all("a.read", "b.read"))"#]),
        ["a.read", "b.read"]
    );
}

#[test]
fn weaker_scopes_come_before_fewer_ones() {
    let reading = least(&[r#"any("a.read", "x.write")"#, r#"any("b.read", "x.write")"#]);
    assert_eq!(reading, ["a.read", "b.read"]);
    let fewer = least(&[r#"any("a.read", "x.read")"#, r#"any("b.read", "x.read")"#]);
    assert_eq!(fewer, ["x.read"]);
}

#[test]
fn an_alternative_of_two_is_taken_where_both_are_needed_anyway() {
    let least = least(&[r#"any("c", all("a", "b"))"#, r#""a""#, r#""b""#]);
    assert_eq!(least, ["a", "b"]);
}

#[test]
fn dozens_of_wide_requirements_are_quick() {
    let wide = |skip: usize| {
        let scopes = (0..92)
            .filter(|number| number % 7 != skip)
            .map(|number| format!(r#""s{number}.read""#));
        format!("any({})", scopes.collect::<Vec<_>>().join(", "))
    };
    let mut requirements = (0..7).map(wide).collect::<Vec<_>>();
    requirements.extend(
        (0..40).map(|number| format!(r#"any("x{number}", "x{}", all("y", "z"))"#, number + 1)),
    );
    let requirements = requirements.iter().map(String::as_str).collect::<Vec<_>>();
    // Any two wide ones have most scopes in common; only scopes 0 mod 7 and 1 mod 7 together are in all of them.
    assert_eq!(least(&requirements), ["s0.read", "s1.read", "y", "z"]);
}
