//! Checks that a token has the scopes that an operation needs. Fails with 403 `MISSING_SCOPES`.

use std::collections::BTreeSet;

use hubspot_scopes::{Alternative, LoginKind, Requirement};

use crate::store::Grant;
use crate::values::{Detail, Refusal};

/// The documentation that the error links to.
const SCOPES_PAGE: &str = "https://developers.hubspot.com/scopes";

/// Returns the scopes by which `grant` meets `requirement`: the first alternative for this kind of token that it has, or
/// `None` if nothing is required. Fails with 403.
pub(crate) fn check<'r>(
    requirement: &'r Requirement,
    grant: &Grant,
) -> Result<Option<&'r BTreeSet<String>>, Refusal> {
    if requirement.is_none() {
        return Ok(None);
    }
    let of_kind = |known: &&Alternative| known.logins().contains(grant.kind);
    let mut alternatives = requirement.alternatives().iter().filter(of_kind);
    let met = alternatives.find(|known| known.scopes().is_subset(&grant.scopes));
    match met {
        Some(alternative) => Ok(Some(alternative.scopes())),
        None => Err(missing(requirement, grant.kind)),
    }
}

/// HubSpot's 403.
///
/// It has one wording for "any of these" and one for "all of these". What it says where alternatives have several scopes is
/// not documented; here it asks for all of the alternative with the least power.
fn missing(requirement: &Requirement, login: LoginKind) -> Refusal {
    let of_kind = |known: &&Alternative| known.logins().contains(login);
    let alternatives = requirement.alternatives().iter().filter(of_kind);
    let alternatives = alternatives.map(Alternative::scopes).collect::<Vec<_>>();
    let any = alternatives.iter().all(|scopes| scopes.len() == 1);
    let (message, scopes): (_, Vec<_>) = if any {
        let each = alternatives.into_iter().flatten().cloned();
        (
            "One or more of the following scopes are required.",
            each.collect(),
        )
    } else {
        let all = alternatives
            .into_iter()
            .next()
            .into_iter()
            .flatten()
            .cloned();
        ("All of the following scopes are required.", all.collect())
    };
    let detail = Detail {
        message: message.to_owned(),
        context: [("requiredGranularScopes", scopes)].into(),
        ..Detail::default()
    };
    let message = "This app hasn't been granted all required scopes to make this call. \
                   The scopes that would allow it are listed in `errors`.";
    Refusal::new(403, "MISSING_SCOPES", message)
        .details([detail])
        .link("scopes", SCOPES_PAGE)
}

#[cfg(test)]
mod tests;
