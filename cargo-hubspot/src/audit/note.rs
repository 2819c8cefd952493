//! Reads the marks in rustc's warnings.
//!
//! A mark is the note of a `#[deprecated]` attribute that the client or its macros wrote. The documentation of `hubspot-macros`
//! lists them. Other warnings are ignored.

use std::borrow::Cow;

use hubspot_scopes::Requirement;

use crate::model::{BypassKind, List};

/// Between what the compiler says of a deprecated item and the item's own note.
const START: &str = "`: hubspot-scopes";

/// The same in a message of a build for unit tests.
const START_OF_TEST: &str = "`: test hubspot-scopes";

/// A mark that was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Note {
    /// A call of an operation.
    Operation {
        operation: String,
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
    /// A use of the client that the check of scopes does not cover.
    Bypass(BypassKind),
}

/// The compiler's message with its mark, if it has one, marked as one of a build for unit tests.
pub(super) fn marked_as_test(message: &str) -> Cow<'_, str> {
    if message.contains(START) {
        message.replace(START, START_OF_TEST).into()
    } else {
        message.into()
    }
}

/// The mark behind a warning, and whether it is of a build for unit tests.
pub(super) fn read(warning: &str) -> Option<(Note, bool)> {
    let after = |start| warning.split_once(start).map(|(_, note)| note);
    let (note, is_test) = match after(START) {
        Some(note) => (note, false),
        None => (after(START_OF_TEST)?, true),
    };
    let (kind, rest) = note.split_once(": ")?;
    let note = match kind {
        "" => {
            let (operation, rest) = word(rest);
            Note::Operation {
                operation: operation.to_owned(),
                requirement: without_route(rest).parse().ok()?,
            }
        }
        "-function" => {
            let (package, rest) = word(rest);
            let (package, version) = package.split_once('@')?;
            let (name, requirement) = word(rest);
            Note::Function {
                package: package.to_owned(),
                version: version.to_owned(),
                name: name.to_owned(),
                requirement: requirement.parse().ok()?,
            }
        }
        "-states" => {
            let (name, requirement) = word(rest);
            Note::States {
                name: name.to_owned(),
                requirement: requirement.parse().ok()?,
            }
        }
        "-request" => Note::Request {
            requirement: rest.parse().ok()?,
        },
        "-set" => {
            let (name, source) = word(rest);
            Note::Set {
                name: name.to_owned(),
                source: (!source.is_empty()).then(|| source.to_owned()),
            }
        }
        "-entry" => {
            let (set, rest) = word(rest);
            let (list, scope) = word(rest);
            Note::Entry {
                set: set.to_owned(),
                list: list.parse().ok()?,
                scope: scope.to_owned(),
            }
        }
        "-hold" => Note::Bypass(named(rest)?),
        _ => return None,
    };
    Some((note, is_test))
}

/// What follows the effect and the route of an operation, as in `reads GET /path "a"`. Both may be missing.
fn without_route(text: &str) -> &str {
    match word(text) {
        ("reads" | "writes", rest) => word(word(rest).1).1,
        _ => text,
    }
}

/// The first word, and what comes after the space that follows it.
fn word(text: &str) -> (&str, &str) {
    text.split_once(' ').unwrap_or((text, ""))
}

/// The value of an enumeration that a report writes as `name`.
fn named<T: for<'de> serde::Deserialize<'de>>(name: &str) -> Option<T> {
    serde_json::from_value(name.into()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_read() {
        let requirement = |text: &str| text.parse::<Requirement>().unwrap();
        for (text, expected) in [
            (
                r#": schemas.list reads GET /crm/schemas any("a", "b")"#,
                Note::Operation {
                    operation: "schemas.list".into(),
                    requirement: requirement(r#"any("a", "b")"#),
                },
            ),
            (
                ": oauth.token ",
                Note::Operation {
                    operation: "oauth.token".into(),
                    requirement: Requirement::new([]),
                },
            ),
            (
                r#"-function: acme@0.1.0-rc.1 sync "a", "b""#,
                Note::Function {
                    package: "acme".into(),
                    version: "0.1.0-rc.1".into(),
                    name: "sync".into(),
                    requirement: requirement(r#""a", "b""#),
                },
            ),
            (
                r#"-states: sync "a""#,
                Note::States {
                    name: "sync".into(),
                    requirement: requirement(r#""a""#),
                },
            ),
            (
                r#"-request: any("a", "b")"#,
                Note::Request {
                    requirement: requirement(r#"any("a", "b")"#),
                },
            ),
            (
                "-set: Sync src/my app/app-hsmeta.json",
                Note::Set {
                    name: "Sync".into(),
                    source: Some("src/my app/app-hsmeta.json".into()),
                },
            ),
            (
                "-set: Sync",
                Note::Set {
                    name: "Sync".into(),
                    source: None,
                },
            ),
            (
                "-entry: Sync assume crm.lists.read",
                Note::Entry {
                    set: "Sync".into(),
                    list: List::Assume,
                    scope: "crm.lists.read".into(),
                },
            ),
            ("-hold: raw-request", Note::Bypass(BypassKind::RawRequest)),
        ] {
            let warning = format!("use of deprecated method `a::B::<S>::c`: hubspot-scopes{text}");
            assert_eq!(read(&warning), Some((expected.clone(), false)));
            assert_eq!(read(&marked_as_test(&warning)), Some((expected, true)));
        }
    }

    #[test]
    fn other_warnings_are_none_of_ours() {
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
