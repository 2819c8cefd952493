//! The calls of the generic handle of object types, `Client::objects_of`.
//!
//! The compiler reports such a call without the object type, which may be a parameter of the function around it. It also
//! reports each place that names an object type, and there the calls count: those that read, those that write, or both, as
//! far as the code has such calls. If it has none, a package whose code is not seen makes them, and both count.

use std::borrow::Cow;

use super::compile::Mark;
use super::note::Note;

/// The marks, with the operations that each name of an object type stands for in its place.
pub(super) fn called(marks: &[Mark]) -> Vec<Cow<'_, Mark>> {
    let is_called = |of: bool| {
        let mut notes = marks.iter().map(|mark| &mark.note);
        notes.any(|note| *note == Note::ObjectCall { is_write: of })
    };
    let (reads, writes) = (is_called(false), is_called(true));
    let is_unseen = !reads && !writes;
    let mut called = Vec::new();
    for mark in marks {
        let Note::ObjectType {
            resource,
            read,
            write,
        } = &mark.note
        else {
            called.push(Cow::Borrowed(mark));
            continue;
        };
        let effects = [("read", reads, read), ("write", writes, write)];
        for (effect, _, requirement) in effects.into_iter().filter(|one| one.1 || is_unseen) {
            let note = Note::Operation {
                operation: format!("{resource}.objects_of.{effect}"),
                route: None,
                requirement: requirement.clone(),
            };
            called.push(Cow::Owned(Mark {
                note,
                ..mark.clone()
            }));
        }
    }
    called
}
