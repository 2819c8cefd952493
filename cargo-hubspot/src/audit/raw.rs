//! Raw requests: what is known of each, and which scopes cannot be called unused because of unknown ones.

use hubspot_generated::Operation;
use hubspot_scopes::Requirement;

use super::note::Note;
use super::site::{Context, Site};
use crate::model::{
    Bypass, BypassKind, CallSite, Called, RawRequest, Uncompiled, Undecided, Verdict,
};
use crate::operations;

/// What is known of the request.
pub(super) fn request(site: &Site<'_>, sites: &[Site<'_>]) -> RawRequest {
    let mut around = sites.iter().filter(|states| is_around(states, site));
    let stated = around.find_map(|states| match states.note {
        Note::States { requirement, .. } => {
            let is_certain = site.function.is_some() && states.function == site.function;
            Some((requirement.clone(), is_certain))
        }
        _ => None,
    });
    let of_path = of_path(site);
    // A function that a macro makes may not be around the request. And a function does not state what its request needs if
    // the path is known to need more.
    let is_enough = |stated: &Requirement| of_path.iter().all(|need| stated.implies(need));
    let is_stated = stated
        .as_ref()
        .is_some_and(|(stated, is_certain)| *is_certain && is_enough(stated));
    RawRequest {
        request: site.spelled.name(),
        operation: site
            .spelled
            .operation()
            .map(|operation| operation.id.to_owned()),
        is_stated,
        is_known: is_stated || of_path.is_some(),
        needs: stated.map(|(stated, _)| stated).or(of_path),
    }
}

/// What a request needs by its path, if that is the literal path of an operation.
pub(super) fn of_path(site: &Site<'_>) -> Option<Requirement> {
    let operation = site.spelled.operation();
    let literal = operation.filter(|_| site.spelled.is_literal());
    literal.and_then(Operation::requirement)
}

/// Returns whether `states`, a function with `#[hubspot_scopes]`, makes the request, or may do so: both can come from one
/// use of a macro.
pub(super) fn is_around(states: &Site<'_>, request: &Site<'_>) -> bool {
    let is_within = || {
        let (inner, outer) = (states.place, request.place);
        request.written.is_some()
            && outer.byte_start <= inner.byte_start
            && inner.byte_end <= outer.byte_end
    };
    matches!(states.note, Note::States { .. })
        && states.place.file == request.place.file
        && (request.function.is_some() && states.function == request.function || is_within())
}

impl Site<'_> {
    pub(super) fn bypass(&self, kind: BypassKind, sites: &[Self], context: &Context<'_>) -> Bypass {
        let calls = match kind {
            // Nothing else is called with it.
            BypassKind::RawRequest | BypassKind::HandWritten => Vec::new(),
            _ => self.calls_around(sites),
        };
        let request = self.is_raw_request().then(|| request(self, sites));
        Bypass {
            kind,
            place: self.place.clone(),
            function: self.function_name(),
            calls,
            request,
            targets: self.targets.clone(),
            ships: self.ships(),
            counts: context.count(&self.targets),
        }
    }

    /// The calls that a raw request stands for: one with the stated scopes, one with those that its path needs.
    pub(super) fn raw_calls(&self, bypass: &Bypass, context: &Context<'_>) -> Vec<CallSite> {
        let Some(request) = &bypass.request else {
            return Vec::new();
        };
        let operation = request.operation.as_ref().unwrap_or(&request.request);
        let needs = request.needs.iter();
        let of_path = of_path(self).filter(|path| needs.clone().all(|need| !need.implies(path)));
        let call = |requirement| {
            let called = Called {
                operation: operation.clone(),
                requirement,
                line: self.place.line,
            };
            self.call(called, context)
        };
        needs.cloned().chain(of_path).map(call).collect()
    }

    /// Returns whether this is a request that states nothing in place.
    pub(super) fn is_raw_request(&self) -> bool {
        *self.note == Note::Bypass(BypassKind::RawRequest)
    }
}

/// Withdraws `unused` for scopes that only an unknown request can need: the client has no operation for them.
pub(super) fn withhold(verdict: &mut Verdict, unknown: &[Uncompiled]) {
    if unknown.is_empty() {
        return;
    }
    let covered = operations::covered();
    let unused = verdict
        .unused
        .extract_if(.., |declared| !covered.contains(&declared.scope));
    verdict.undecided.extend(unused.map(|declared| Undecided {
        declared,
        by: unknown.to_vec(),
    }));
    verdict.has_unknown_requests = true;
}
