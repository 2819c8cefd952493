//! Written scopes against the catalogue: errors for what does not exist, with what was probably meant.

use std::collections::BTreeMap;

use hubspot_scopes::{Alternative, Requirement};
use proc_macro2::Span;
use syn::Error;

use crate::attribute::Needs;
use crate::catalogue::Catalogues;
use crate::declared::combine;
use crate::suggest;

/// A requirement that exists, so that whatever is called with it compiles, and the error if another one was written.
pub(crate) struct Resolved {
    pub(crate) needs: Requirement,
    pub(crate) error: Option<Error>,
}

/// `consequence` says in the error what follows if no operation has the requirement.
pub(crate) fn resolve(written: &Needs, catalogues: &Catalogues, consequence: &str) -> Resolved {
    let unknown = written
        .scopes()
        .filter(|(scope, _)| !catalogues.knows(scope));
    let mut meant = BTreeMap::new();
    let mut errors = Vec::new();
    for (scope, place) in unknown {
        let nearest = suggest::nearest_scope(scope, catalogues.scopes());
        errors.push(Error::new(place, unknown_scope(scope, nearest)));
        meant.extend(nearest.map(|nearest| (scope, nearest)));
    }
    let needs = replaced(&written.union(), &meant);
    if errors.is_empty()
        && needs.alternatives().len() > 1
        && !catalogues.composites().any(|known| *known == needs)
    {
        let nearest = suggest::nearest_requirement(&needs, catalogues.composites());
        let error = Error::new(
            written.start(),
            unknown_requirement(&needs, consequence, nearest),
        );
        return Resolved {
            needs: nearest.cloned().unwrap_or(needs),
            error: Some(error),
        };
    }
    Resolved {
        needs,
        error: combine(errors).err(),
    }
}

/// The message for a scope that is in no catalogue.
pub(crate) fn unknown_scope(scope: &str, nearest: Option<&str>) -> String {
    let meant = nearest
        .map(|nearest| format!("; did you mean `{nearest}`?"))
        .unwrap_or_default();
    format!("unknown scope `{scope}`{meant}")
}

fn unknown_requirement(
    needs: &Requirement,
    consequence: &str,
    nearest: Option<&Requirement>,
) -> String {
    let nearest = nearest
        .map(|nearest| format!("\nthe nearest that exists is `{nearest}`"))
        .unwrap_or_default();
    format!("no operation has the requirement `{needs}`, {consequence}{nearest}")
}

/// The requirement with the scopes that were meant in the place of those that were written.
fn replaced(requirement: &Requirement, meant: &BTreeMap<&str, &str>) -> Requirement {
    let scope = |scope: &String| {
        let meant = meant.get(scope.as_str());
        meant.map_or_else(|| scope.clone(), |&meant| meant.to_owned())
    };
    let alternatives = requirement.alternatives().iter();
    Requirement::new(alternatives.map(|each| Alternative::all_of(each.scopes().iter().map(scope))))
}

/// The scopes to ask for, or nothing for the requirement as a whole, and the first and the last token that do.
pub(crate) fn asked_for<'a>(
    needs: &'a Requirement,
    written: &Needs,
) -> Vec<(Option<&'a str>, (Span, Span))> {
    let whole = (written.start(), written.end());
    let [single] = needs.alternatives() else {
        return vec![(None, whole)];
    };
    let place = |scope: &str| {
        let mut scopes = written.scopes();
        let found = scopes.find(|(written, _)| *written == scope);
        found.map_or(whole, |(_, place)| (place, place))
    };
    single
        .scopes()
        .iter()
        .map(|scope| (Some(scope.as_str()), place(scope)))
        .collect()
}
