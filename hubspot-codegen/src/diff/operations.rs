//! Compares an operation of both sets: scopes, parameters, body and response.

use super::pairs::Pair;
use super::scopes::scope_change;
use super::types::{Direction, Walk};
use super::{ChangeKind, Found};
use crate::model::{Authentication, Body, Operation, Parameter, Type};

pub(super) fn compare(pair: &Pair<'_>, found: &mut Found) {
    let (old, new) = (pair.old.1, pair.new.1);
    let mut add = |kind: ChangeKind, what: &str| found.add(kind, what, pair.label(), &new.place);
    if pair.moved {
        add(ChangeKind::OperationMoved, &format!("it was {}", old.key()));
    }
    match (old.deprecated, new.deprecated) {
        (false, true) => add(ChangeKind::OperationDeprecated, "an operation"),
        (true, false) => add(ChangeKind::OperationRestored, "an operation"),
        _ => {}
    }
    if old.budget != new.budget {
        let what = format!("from {:?} to {:?}", old.budget, new.budget);
        add(ChangeKind::LimitOther, &what);
    }
    scopes(pair, found);
    let mut walk = Walk::new(pair, found);
    parameters(&mut walk, &old.query_parameters, &new.query_parameters);
    // A path that has a word on one side and a parameter on the other serves the same calls.
    if old.path_parameters.len() == new.path_parameters.len() {
        for (old, new) in old.path_parameters.iter().zip(&new.path_parameters) {
            let at = format!("the path parameter `{}`", new.name);
            walk.types(Direction::Request, &old.ty, &new.ty, &at, &new.notes.place);
        }
    }
    body(&mut walk, old.body.as_ref(), new.body.as_ref(), new);
    let at = "the response";
    match (&old.response, &new.response) {
        (Some(old), Some(ty)) => walk.types(Direction::Response, old, ty, at, &new.place),
        (Some(_), None) => walk.add(ChangeKind::ResponseRemoved, at, &new.place),
        (None, Some(_)) => walk.add(ChangeKind::ResponseAdded, at, &new.place),
        (None, None) => {}
    }
}

fn scopes(pair: &Pair<'_>, found: &mut Found) {
    let (old, new) = (pair.old.1, pair.new.1);
    let credential = |operation: &Operation| match operation.authentication {
        Authentication::None => "no token",
        Authentication::AccessToken => "a token",
        Authentication::DeveloperKey => "a developer API key",
    };
    if old.authentication != new.authentication {
        let kind = match new.authentication {
            Authentication::None => ChangeKind::CredentialNone,
            _ => ChangeKind::CredentialOther,
        };
        let what = format!("{} instead of {}", credential(new), credential(old));
        found.add(kind, what, pair.label(), &new.place);
        return;
    }
    if let Some((kind, change)) = scope_change(&old.requirement, &new.requirement) {
        let what = change.to_string();
        found.add_with(kind, what, Some(change), pair.label(), &new.place);
    }
}

fn parameters<'a>(walk: &mut Walk<'a, '_>, old: &'a [Parameter], new: &'a [Parameter]) {
    let of = |parameters: &'_ [Parameter], name: &str| {
        parameters
            .iter()
            .position(|parameter| parameter.name == name)
    };
    let at = |parameter: &Parameter| format!("the query parameter `{}`", parameter.name);
    for parameter in old {
        let Some(index) = of(new, &parameter.name) else {
            walk.add(
                ChangeKind::ParameterRemoved,
                &at(parameter),
                &parameter.notes.place,
            );
            continue;
        };
        let (now, at) = (&new[index], at(parameter));
        let place = &now.notes.place;
        match (parameter.required, now.required) {
            (false, true) => walk.add(ChangeKind::ParameterRequired, &at, place),
            (true, false) => walk.add(ChangeKind::ParameterOptional, &at, place),
            _ => {}
        }
        match (parameter.deprecated, now.deprecated) {
            (false, true) => walk.add(ChangeKind::ParameterDeprecated, &at, place),
            (true, false) => walk.add(ChangeKind::ParameterRestored, &at, place),
            _ => {}
        }
        let are_lists = [&parameter.ty, &now.ty]
            .iter()
            .all(|ty| matches!(ty, Type::Array(_)));
        if are_lists && parameter.list != now.list {
            let what = format!("{at}: {:?} instead of {:?}", now.list, parameter.list);
            walk.add(ChangeKind::ListStyleOther, &what, place);
        }
        if parameter.default != now.default {
            let shown = |default: &Option<String>| default.clone().unwrap_or("none".to_owned());
            let (before, after) = (shown(&parameter.default), shown(&now.default));
            walk.add(
                ChangeKind::DefaultOther,
                &format!("{at}: {after} instead of {before}"),
                place,
            );
        }
        walk.types(Direction::Request, &parameter.ty, &now.ty, &at, place);
    }
    for parameter in new
        .iter()
        .filter(|parameter| of(old, &parameter.name).is_none())
    {
        let kind = if parameter.required {
            ChangeKind::RequiredParameterAdded
        } else {
            ChangeKind::ParameterAdded
        };
        walk.add(kind, &at(parameter), &parameter.notes.place);
    }
}

fn body<'a>(
    walk: &mut Walk<'a, '_>,
    old: Option<&'a Body>,
    new: Option<&'a Body>,
    operation: &Operation,
) {
    let (at, place) = ("the request body", &operation.place);
    match (old, new) {
        (None, None) => {}
        (Some(_), None) => walk.add(ChangeKind::BodyRemoved, at, place),
        (None, Some(body)) if body.required => walk.add(ChangeKind::RequiredBodyAdded, at, place),
        (None, Some(_)) => walk.add(ChangeKind::BodyAdded, at, place),
        (Some(old), Some(new)) => {
            match (old.required, new.required) {
                (false, true) => walk.add(ChangeKind::BodyRequired, at, place),
                (true, false) => walk.add(ChangeKind::BodyOptional, at, place),
                _ => {}
            }
            if old.encoding != new.encoding {
                let what = format!("{at}: {:?} instead of {:?}", new.encoding, old.encoding);
                walk.add(ChangeKind::EncodingOther, &what, place);
            }
            walk.types(Direction::Request, &old.ty, &new.ty, at, place);
        }
    }
}
