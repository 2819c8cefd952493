//! Parses the marks in rustc's warnings.
//!
//! A mark is the note of a `#[deprecated]` attribute that the client or its macros wrote. The documentation of `hubspot-macros`
//! lists them. Other warnings are ignored.

use std::borrow::Cow;

use hubspot_scopes::Requirement;

use crate::model::{BypassKind, List};

/// Separates what the compiler says of a deprecated item from the item's own note.
const START: &str = "`: hubspot-scopes";

/// The same in a message of a build for unit tests.
const START_OF_TEST: &str = "`: test hubspot-scopes";

/// A mark.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Note {
    /// A call of an operation.
    Operation {
        operation: String,
        /// Method and path: `GET /crm/objects/2026-09/contacts`. Early clients do not tell them.
        route: Option<String>,
        requirement: Requirement,
    },
    /// A call of a function with `#[hubspot_scopes]`.
    Function {
        package: String,
        version: String,
        name: String,
        requirement: Requirement,
    },
    /// A function with `#[hubspot_scopes]` itself.
    States {
        name: String,
        requirement: Requirement,
    },
    /// A `request!`.
    Request { requirement: Requirement },
    /// A `scope_set!`, with the file that has its lists.
    Set {
        name: String,
        source: Option<String>,
    },
    /// A scope in a `scope_set!`.
    Entry {
        set: String,
        list: List,
        scope: String,
    },
    /// The name of an object type for `Client::objects_of`, with what reading and writing its records needs.
    ObjectType {
        resource: String,
        read: Requirement,
        write: Requirement,
    },
    /// A call of the generic handle of object types.
    ObjectCall { is_write: bool },
    /// A use of the client that the check of scopes does not cover.
    Bypass(BypassKind),
}

/// Marks the compiler's message as one of a build for unit tests, if it has a mark.
pub(super) fn marked_as_test(message: &str) -> Cow<'_, str> {
    if message.contains(START) {
        message.replace(START, START_OF_TEST).into()
    } else {
        message.into()
    }
}

/// Parses the mark in a warning, and whether it is of a build for unit tests.
pub(super) fn read(warning: &str) -> Option<(Note, bool)> {
    let after = |start| warning.split_once(start).map(|(_, note)| note);
    match after(START) {
        Some(note) => Some((parse(note)?, false)),
        None => Some((parse(after(START_OF_TEST)?)?, true)),
    }
}

fn parse(note: &str) -> Option<Note> {
    let (kind, rest) = note.split_once(": ")?;
    let (first, after) = word(rest);
    Some(match kind {
        "" => {
            let (route, requirement) = route(after);
            Note::Operation {
                operation: first.to_owned(),
                route,
                requirement: requirement.parse().ok()?,
            }
        }
        "-function" => {
            let (package, version) = first.split_once('@')?;
            let (name, requirement) = word(after);
            Note::Function {
                package: package.to_owned(),
                version: version.to_owned(),
                name: name.to_owned(),
                requirement: requirement.parse().ok()?,
            }
        }
        "-states" => Note::States {
            name: first.to_owned(),
            requirement: after.parse().ok()?,
        },
        "-request" => Note::Request {
            requirement: rest.parse().ok()?,
        },
        "-set" => Note::Set {
            name: first.to_owned(),
            source: (!after.is_empty()).then(|| after.to_owned()),
        },
        "-entry" => {
            let (list, scope) = word(after);
            Note::Entry {
                set: first.to_owned(),
                list: list.parse().ok()?,
                scope: scope.to_owned(),
            }
        }
        "-object-type" => {
            let (read, write) = after.split_once(" writes ")?;
            Note::ObjectType {
                resource: first.to_owned(),
                read: read.parse().ok()?,
                write: write.parse().ok()?,
            }
        }
        "-object-call" => Note::ObjectCall {
            is_write: rest == "writes",
        },
        "-hold" => Note::Bypass(serde_json::from_value(rest.into()).ok()?),
        _ => return None,
    })
}

/// The first word, and what comes after the space that follows it.
fn word(text: &str) -> (&str, &str) {
    text.split_once(' ').unwrap_or((text, ""))
}

/// Splits `reads GET /path "a"` into the route and the requirement. Marks of early clients have no route.
fn route(text: &str) -> (Option<String>, &str) {
    let (effect, rest) = word(text);
    if !matches!(effect, "reads" | "writes") {
        return (None, text);
    }
    let (method, rest) = word(rest);
    let (path, requirement) = word(rest);
    (Some(format!("{method} {path}")), requirement)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requirement(text: &str) -> Requirement {
        text.parse().unwrap()
    }

    /// Checks that a note is parsed, in an ordinary build and in one for unit tests.
    fn check(text: &str, expected: &Note) {
        let warning = format!("use of deprecated method `a::B::<S>::c`: hubspot-scopes{text}");
        assert_eq!(read(&warning), Some((expected.clone(), false)));
        let of_test = marked_as_test(&warning);
        assert_eq!(read(&of_test), Some((expected.clone(), true)));
    }

    #[test]
    fn calls_are_parsed() {
        for (text, operation, route, needs) in [
            (
                r#"schemas.list any("a", "b")"#,
                "schemas.list",
                None,
                r#"any("a", "b")"#,
            ),
            (
                r#"schemas.get reads GET /a/{b} "a""#,
                "schemas.get",
                Some("GET /a/{b}"),
                r#""a""#,
            ),
            ("oauth.token ", "oauth.token", None, ""),
            (
                "oauth.token writes POST /oauth/token ",
                "oauth.token",
                Some("POST /oauth/token"),
                "",
            ),
        ] {
            let expected = Note::Operation {
                operation: operation.into(),
                route: route.map(str::to_owned),
                requirement: requirement(needs),
            };
            check(&format!(": {text}"), &expected);
        }
        let expected = Note::Function {
            package: "acme".into(),
            version: "0.1.0-rc.1".into(),
            name: "sync".into(),
            requirement: requirement(r#""a", "b""#),
        };
        check(r#"-function: acme@0.1.0-rc.1 sync "a", "b""#, &expected);
    }

    #[test]
    fn declarations_are_parsed() {
        let expected = Note::States {
            name: "sync".into(),
            requirement: requirement(r#""a""#),
        };
        check(r#"-states: sync "a""#, &expected);
        let expected = Note::Request {
            requirement: requirement(r#"any("a", "b")"#),
        };
        check(r#"-request: any("a", "b")"#, &expected);
        let file = "src/my app/app-hsmeta.json";
        for (text, source) in [(format!("Sync {file}"), Some(file)), ("Sync".into(), None)] {
            let expected = Note::Set {
                name: "Sync".into(),
                source: source.map(str::to_owned),
            };
            check(&format!("-set: {text}"), &expected);
        }
        let expected = Note::Entry {
            set: "Sync".into(),
            list: List::Assume,
            scope: "crm.lists.read".into(),
        };
        check("-entry: Sync assume crm.lists.read", &expected);
        let expected = Note::ObjectType {
            resource: "products".into(),
            read: requirement(r#"any("a", "b")"#),
            write: requirement(""),
        };
        check(r#"-object-type: products any("a", "b") writes "#, &expected);
        check("-object-call: reads", &Note::ObjectCall { is_write: false });
        check("-hold: raw-request", &Note::Bypass(BypassKind::RawRequest));
    }

    #[test]
    fn other_warnings_are_ignored() {
        for warning in [
            "use of deprecated function `a::b`: use `c` instead",
            "use of deprecated function `a::b`: hubspot-scopes are old",
            "unused variable: `hubspot-scopes`",
        ] {
            assert_eq!(read(warning), None);
            assert_eq!(read(&marked_as_test(warning)), None);
        }
    }
}
