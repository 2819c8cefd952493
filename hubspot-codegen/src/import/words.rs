//! Words by rule: one-line summaries of operations, and sentences for what needs no explanation.

use heck::ToSnakeCase as _;

use crate::config::is_version;

/// What stands where a person has to write.
pub const TODO: &str = "TODO";

/// Descriptions of fields and parameters whose meaning is the same everywhere.
const SELF_EVIDENT: &[(&str, &str)] = &[
    (
        "after",
        "The cursor of the page to return, from `paging.next.after` of the page before.",
    ),
    ("archived", "Whether it is archived."),
    ("archivedAt", "When it was archived."),
    (
        "before",
        "The cursor of the page to return, from `paging.prev.before`.",
    ),
    ("completedAt", "When the work was completed."),
    ("createdAt", "When it was created."),
    ("created", "When it was created."),
    ("deletedAt", "When it was deleted."),
    ("email", "The email address."),
    ("errors", "The inputs that failed, and why."),
    ("firstName", "The first name."),
    ("hasMore", "Whether there are more results."),
    ("id", "The id."),
    ("inputs", "The inputs of the batch."),
    ("label", "The name that people see."),
    ("lastName", "The last name."),
    ("limit", "The most results that a page may have."),
    ("links", "Addresses of related pages, by topic."),
    ("name", "The name."),
    ("numErrors", "How many errors there were."),
    ("offset", "How many results to skip."),
    ("paging", "Where the list goes on, if it does."),
    ("portalId", "The HubSpot account's id."),
    ("properties", "Values by property name."),
    ("requestedAt", "When the request arrived."),
    ("results", "The results."),
    ("startedAt", "When the work was started."),
    ("total", "How many results there are on all pages together."),
    ("updatedAt", "When it was last changed."),
    ("updated", "When it was last changed."),
];

/// The same for parameters, where they mean something else.
const PARAMETERS: &[(&str, &str)] = &[
    (
        "archived",
        "Whether to return archived ones instead of live ones.",
    ),
    ("name", TODO),
    ("properties", "The names of the properties to return."),
    ("email", TODO),
];

/// The description of a field, or `TODO`.
pub(super) fn of_field(name: &str) -> String {
    known(name, SELF_EVIDENT)
        .or_else(|| id_of(name))
        .unwrap_or_else(|| TODO.to_owned())
}

/// The description of a schema, or `TODO`: lists and batches are named after what they hold.
pub(super) fn of_schema(name: &str) -> String {
    let starts = |start: &str| name.starts_with(start);
    let sentence = match name {
        _ if starts("CollectionResponse") && name.ends_with("NoPaging") => {
            "The results, all at once: this list has no pages."
        }
        _ if starts("CollectionResponse") => "A page of results.",
        _ if starts("BatchInput") => "The inputs of a batch.",
        _ if starts("BatchReadInput") => "What a batch is to read.",
        _ if starts("BatchResponse") => "The results of a batch.",
        _ => TODO,
    };
    sentence.to_owned()
}

/// The description of a parameter, or `TODO`.
pub(super) fn of_parameter(name: &str) -> String {
    known(name, PARAMETERS).unwrap_or_else(|| of_field(name))
}

fn known(name: &str, table: &[(&str, &str)]) -> Option<String> {
    let entry = table.iter().find(|(known, _)| *known == name);
    entry.map(|(_, sentence)| (*sentence).to_owned())
}

/// `ownerId` is the owner's id.
fn id_of(name: &str) -> Option<String> {
    let of = name.strip_suffix("Id")?;
    let is_word = of.starts_with(|first: char| first.is_ascii_lowercase());
    let is_noun = !["By", "From", "In", "Of", "To"]
        .iter()
        .any(|end| of.ends_with(end));
    (is_word && is_noun).then(|| format!("The {}'s id.", words(of)))
}

/// The description of a response.
pub(super) fn of_status(status: &str) -> &'static str {
    match status {
        "201" => "What was created.",
        "202" => "The work was accepted, and goes on.",
        "204" => "Done; nothing is returned.",
        "207" => "The results, and which parts of the request failed.",
        _ => "The result.",
    }
}

/// An operation, as far as its summary needs it.
pub(super) struct Called<'a> {
    /// `get`.
    pub(super) method: &'a str,
    /// `/crm/owners/2026-09/{ownerId}`.
    pub(super) path: &'a str,
    /// Whether a success brings a list.
    pub(super) lists: bool,
    /// What the API is about, in plural: `owners`.
    pub(super) many: &'a str,
}

/// A line that says what an operation does, from its verb and noun; `TODO` where these do not say it.
pub(super) fn summary(called: &Called<'_>) -> String {
    let path = called.path.trim_matches('/').split('/');
    let path = path.collect::<Vec<_>>();
    let version = path.iter().rposition(|segment| is_version(segment));
    let tail = &path[version.map_or(0, |index| index + 1)..];
    let is_parameter = |segment: &&&str| segment.starts_with('{');
    let noun = tail.iter().rev().find(|segment| !is_parameter(segment));
    let many = noun.map_or_else(|| words(called.many), |noun| words(noun));
    let one = singular(&many);
    let one = format!("{} {one}", article(&one));
    let sentence = match (called.method, tail) {
        ("get", [.., last]) if is_parameter(&last) => {
            format!("Gets {one} by its {}", key(last))
        }
        ("get", _) if called.lists => format!("Lists {many}"),
        ("get", _) => format!("Gets the {many}"),
        ("delete", [.., last]) if is_parameter(&last) => format!("Deletes {one}"),
        ("patch", [.., last]) if is_parameter(&last) => format!("Updates {one}"),
        ("put", [.., last]) if is_parameter(&last) => format!("Replaces {one}"),
        ("patch", _) => format!("Updates the {many}"),
        ("post", [before @ .., "batch", action]) => {
            let noun = before.iter().rev().find(|segment| !is_parameter(segment));
            let many = words(noun.unwrap_or(&called.many));
            let verb = match *action {
                "archive" | "delete" => "Archives",
                "create" => "Creates",
                "read" => "Gets",
                "update" => "Updates",
                "upsert" => "Creates or updates",
                _ => return TODO.to_owned(),
            };
            format!("{verb} several {many}")
        }
        ("post", [.., "search"]) => format!("Searches {}", words(called.many)),
        ("post", [.., last]) if last.ends_with('s') => format!("Creates {one}"),
        ("post", []) => format!("Creates {one}"),
        _ => return TODO.to_owned(),
    };
    sentence + "."
}

/// `{ownerId}` as what a thing is known by: `id`.
fn key(parameter: &str) -> String {
    let words = words(parameter.trim_matches(['{', '}']));
    words.rsplit(' ').next().unwrap_or_default().to_owned()
}

/// A name of several words as these words.
pub(super) fn words(name: &str) -> String {
    name.to_snake_case().replace('_', " ")
}

/// The last word of a noun in singular.
pub(super) fn singular(many: &str) -> String {
    let ending = |ending: &str| many.strip_suffix(ending);
    if let Some(stem) = ending("ies") {
        return format!("{stem}y");
    }
    if let Some(stem) = ending("es").filter(|stem| stem.ends_with(['s', 'x', 'z'])) {
        return stem.to_owned();
    }
    let stem = ending("s").filter(|stem| !stem.ends_with(['s', 'u']));
    stem.unwrap_or(many).to_owned()
}

fn article(noun: &str) -> &'static str {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o']) || noun.starts_with("un");
    if vowel { "an" } else { "a" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_follow_from_verb_and_noun() {
        for (method, path, lists, expected) in [
            ("get", "/crm/owners/2026-09", true, "Lists owners."),
            (
                "get",
                "/crm/owners/2026-09/{ownerId}",
                false,
                "Gets an owner by its id.",
            ),
            (
                "delete",
                "/x/v3/policies/{policyId}",
                false,
                "Deletes a policy.",
            ),
            (
                "post",
                "/x/2026-09/{type}/stages",
                false,
                "Creates a stage.",
            ),
            (
                "post",
                "/x/2026-09/batch/read",
                false,
                "Gets several owners.",
            ),
            (
                "post",
                "/x/2026-09/tags/batch/create",
                false,
                "Creates several tags.",
            ),
            ("post", "/x/2026-09/tags/{id}/publish", false, TODO),
            ("put", "/x/2026-09/tags/{id}/order", false, TODO),
            (
                "get",
                "/x/2026-09/tags/{id}/status",
                false,
                "Gets the status.",
            ),
        ] {
            let many = "owners";
            let called = Called {
                method,
                path,
                lists,
                many,
            };
            assert_eq!(summary(&called), expected, "{method} {path}");
        }
    }

    #[test]
    fn only_what_needs_no_explanation_is_described() {
        assert_eq!(of_field("createdAt"), "When it was created.");
        assert_eq!(of_field("primaryOwnerId"), "The primary owner's id.");
        assert_eq!(of_field("state"), TODO);
        assert_eq!(
            of_parameter("properties"),
            "The names of the properties to return."
        );
        assert_eq!(of_parameter("name"), TODO);
    }
}
