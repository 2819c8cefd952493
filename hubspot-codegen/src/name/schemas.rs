//! Names of schemas without the words that say how `HubSpot` makes them.
//!
//! | HubSpot's name | ours |
//! | --- | --- |
//! | `PublicOwner` | `Owner` |
//! | `OwnerIF`, `OwnerVNext` | `Owner` |
//! | `CollectionResponsePublicOwnerForwardPaging`, `CollectionResponseWithTotalOwner` | `OwnerPage` |
//! | `CollectionResponseOwnerNoPaging` | `OwnerList` |
//! | `BatchResponseOwner`, `BatchResponseOwnerWithErrors` | `OwnerBatch` |
//! | `BatchResponseOwner/status` | `BatchStatus` |
//! | `OwnerEgg`, `OwnerCreate`, `OwnerCreateRequest` | `CreateOwner` |
//! | `OwnerUpdate`, `OwnerUpdateRequest`, `OwnerPatchInput` | `UpdateOwner` |
//! | `OwnerReplaceInput` | `ReplaceOwner` |
//! | `BatchInputOwnerCreateRequest` | `BatchCreateOwners` |

/// The name of a schema that `[rename]` has no other for.
pub(super) fn by_rule(name: &str) -> String {
    if let Some(of) = name.strip_prefix("CollectionResponse") {
        let of = without_prefix(of, "WithTotal");
        return match of.strip_suffix("NoPaging") {
            Some(of) => by_rule(of) + "List",
            None => by_rule(of.strip_suffix("ForwardPaging").unwrap_or(of)) + "Page",
        };
    }
    if let Some(of) = name
        .strip_prefix("BatchResponse")
        .filter(|of| !of.is_empty())
    {
        return by_rule(of.strip_suffix("WithErrors").unwrap_or(of)) + "Batch";
    }
    if let Some(of) = name.strip_prefix("BatchInput") {
        let input = by_rule(of);
        if VERBS.iter().any(|(_, verb)| input.starts_with(verb)) {
            return format!("Batch{}", plural(&input));
        }
    }
    let request = VERBS.iter().find_map(|(end, verb)| {
        let of = name.strip_suffix(end).filter(|of| !of.is_empty())?;
        Some((*verb).to_owned() + &by_rule(of))
    });
    if let Some(request) = request {
        return request;
    }
    let name = without_prefix(name, "Public");
    let made = ["IF", "VNext"]
        .iter()
        .find_map(|end| name.strip_suffix(end));
    made.filter(|rest| !rest.is_empty())
        .unwrap_or(name)
        .to_owned()
}

/// Ends of the names of what is sent, with the verb that says the same in front.
const VERBS: [(&str, &str); 7] = [
    ("Egg", "Create"),
    ("Create", "Create"),
    ("CreateRequest", "Create"),
    ("Update", "Update"),
    ("UpdateRequest", "Update"),
    ("PatchInput", "Update"),
    ("ReplaceInput", "Replace"),
];

/// A noun for many instead of one.
fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{noun}s"),
    }
}

/// Returns whether a name is of the values of a batch's status, which are one type.
pub(super) fn is_status_of_batch(name: &str) -> bool {
    name.starts_with("BatchResponse") && name.ends_with("/status")
}

/// The name without a word in front, if a word follows.
fn without_prefix<'a>(name: &'a str, word: &str) -> &'a str {
    let rest = name.strip_prefix(word);
    let is_word = |rest: &&str| rest.starts_with(|first: char| first.is_ascii_uppercase());
    rest.filter(is_word).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::by_rule;

    #[test]
    fn names_say_what_a_thing_is() {
        for (name, ours) in [
            ("PublicOwner", "Owner"),
            ("Publication", "Publication"),
            ("Public", "Public"),
            ("CollectionResponsePublicOwnerForwardPaging", "OwnerPage"),
            ("CollectionResponseWithTotalPublicOwner", "OwnerPage"),
            ("CollectionResponsePropertyNoPaging", "PropertyList"),
            ("CollectionResponse", "Page"),
            ("BatchResponsePublicOwnerWithErrors", "OwnerBatch"),
            ("PublicMessageEgg", "CreateMessage"),
            ("TokenResponseIF", "TokenResponse"),
            (
                "SetNewLanguagePrimaryRequestVNext",
                "SetNewLanguagePrimaryRequest",
            ),
            ("Egg", "Egg"),
            ("PropertyCreate", "CreateProperty"),
            ("PublicRateUpdateRequest", "UpdateRate"),
            ("PipelinePatchInput", "UpdatePipeline"),
            ("PipelineReplaceInput", "ReplacePipeline"),
            ("BatchInputPropertyCreate", "BatchCreateProperties"),
            ("BatchInputPublicRateUpdateRequest", "BatchUpdateRates"),
            ("BatchInputString", "BatchInputString"),
            ("Update", "Update"),
        ] {
            assert_eq!(by_rule(name), ours, "{name}");
        }
    }
}
