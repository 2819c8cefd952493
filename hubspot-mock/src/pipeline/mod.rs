//! Handles a request: routing, authentication, scopes, limits, validation, then the operation, and last the journal.
//!
//! A request that one of these steps refuses has no effect.

pub(crate) mod direct;
mod fault;
mod object_type;
pub(crate) mod page;
mod permission;
mod replayed;
pub(crate) mod reply;
mod router;
mod validate;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::request::Parts;
use bytes::Bytes;
use hubspot_generated::Authentication;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;

use crate::behavior;
use crate::behavior::{Call, Context, Origin, Response};
use crate::definitions::{Effect, Fault, Operation, Target};
use crate::pipeline::object_type::RequiredScopes;
use crate::pipeline::page::{Page, PageRequest, Render};
use crate::pipeline::reply::{Delivery, Reply};
use crate::pipeline::router::{NoRoute, Route, nearest, router};
use crate::store::journal::redact::{redact_body, redact_path, redact_query, redact_target};
use crate::store::journal::{Entry, kept};
use crate::store::{Caller, Exchanged, Grant, Rate, Rejected, ServerState};
use crate::values::form::is_content_type;
use crate::values::{Refusal, form, sync};

/// The maximum length of path and query together. HubSpot does not document its own. Above 64 KiB, hyper responds with a
/// 414 without a body.
const LONGEST_URI: usize = 16 * 1024;

/// The maximum length of a body. HubSpot does not document its own.
pub(crate) const MOST_BODY_BYTES: usize = 8 * 1024 * 1024;

/// A request whose body was read.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) head: Parts,
    /// `None` if it was longer than [`MOST_BODY_BYTES`].
    pub(crate) body: Option<Bytes>,
}

/// Handles a request and records it in the journal.
pub(crate) fn respond(state: &ServerState, received: &Received, render: Render) -> Reply {
    let mut exchange = Exchange {
        state,
        received,
        render,
        now: state.clock.now(),
        correlation_id: new_correlation_id(),
        operation: None,
        grant: None,
        required_scopes: RequiredScopes::OfOperation,
        scopes: None,
        rate: None,
    };
    let routed = exchange.route();
    match state.faults.take(&exchange.target(), exchange.now) {
        None => {
            let reply = exchange.perform(&routed);
            exchange.record(&reply, None);
            reply
        }
        Some(fault) => exchange.perform_at_fault(&routed, &fault),
    }
}

/// The query parameter with the API key of a developer account.
const DEVELOPER_KEY: &str = "hapikey";

/// The parameters of the operation itself.
fn without_developer_key(query: &str, authentication: Authentication) -> Cow<'_, str> {
    if authentication != Authentication::DeveloperKey {
        return query.into();
    }
    let is_key = |pair: &&str| pair.split('=').next() == Some(DEVELOPER_KEY);
    let others = query.split('&').filter(|pair| !is_key(pair));
    others.collect::<Vec<_>>().join("&").into()
}

/// Returns a random UUID, as HubSpot does.
fn new_correlation_id() -> String {
    let random = fastrand::u128(..);
    let part = |shift: u32, bits: u32| (random >> shift) & ((1 << bits) - 1);
    let (variant, version) = (0x8000 | part(48, 14), 0x4000 | part(64, 12));
    let (first, second, last) = (part(96, 32), part(80, 16), part(0, 48));
    format!("{first:08x}-{second:04x}-{version:04x}-{variant:04x}-{last:012x}")
}

/// What a request is for.
#[derive(Debug)]
enum Destination {
    Operation(Route),
    /// No operation. It may be a page.
    Page,
}

/// A request that is being handled, and what is known about it so far.
#[derive(Debug)]
struct Exchange<'a> {
    state: &'a ServerState,
    received: &'a Received,
    render: Render,
    now: Timestamp,
    correlation_id: String,
    operation: Option<&'static Operation>,
    grant: Option<Grant>,
    required_scopes: RequiredScopes,
    scopes: Option<&'static BTreeSet<String>>,
    rate: Option<Rate>,
}

impl<'a> Exchange<'a> {
    fn path(&self) -> &'a str {
        self.received.head.uri.path()
    }

    fn query(&self) -> &'a str {
        self.received.head.uri.query().unwrap_or_default()
    }

    fn header(&self, name: impl axum::http::header::AsHeaderName) -> Option<&'a [u8]> {
        let value = self.received.head.headers.get(name)?;
        Some(value.as_bytes())
    }

    fn target(&self) -> Target<'_> {
        Target {
            operation: self.operation.map(|operation| operation.endpoint.id),
            path: self.path(),
            account: self.grant.as_ref().map(|grant| grant.account.name.as_str()),
        }
    }

    /// Routes and authenticates the request.
    fn route(&mut self) -> Result<Destination, Refusal> {
        if self.path().len() + self.query().len() > LONGEST_URI {
            return Err(Refusal::new(414, "", "The URI is too long."));
        }
        let method = self.received.head.method.as_str();
        let mut route = match router().find(method, self.path()) {
            Ok(route) => route,
            Err(NoRoute::Unknown) => return Ok(Destination::Page),
            Err(NoRoute::NotText) => return Err(Refusal::validation("The path is not UTF-8.")),
            Err(NoRoute::OtherMethods(methods)) => return Err(other_methods(&methods)),
        };
        self.operation = Some(route.operation);
        match route.operation.endpoint.authentication {
            Authentication::AccessToken => {
                let grant = self.grant.insert(self.authenticate()?);
                self.required_scopes = object_type::specialize(&mut route, &grant.account)?;
                self.operation = Some(route.operation);
            }
            Authentication::DeveloperKey => self.check_developer_key()?,
            _ => {}
        }
        Ok(Destination::Operation(route))
    }

    fn check_developer_key(&self) -> Result<(), Refusal> {
        let query = form::decode(self.query()).unwrap_or_default();
        let mut given = query.iter().filter(|(name, _)| name == DEVELOPER_KEY);
        let (message, category) = match (given.next(), given.next()) {
            (Some((_, key)), None) if sync::read(&self.state.developer_keys).contains(key) => {
                return Ok(());
            }
            (Some(_), _) => ("This hapikey doesn't exist.", "INVALID_AUTHENTICATION"),
            (None, _) => (
                "The request has no developer API key: send it as the query parameter `hapikey`.",
                "INVALID_AUTHENTICATION",
            ),
        };
        Err(Refusal::unauthorized(category, message))
    }

    fn authenticate(&self) -> Result<Grant, Refusal> {
        let token = self.header(AUTHORIZATION).and_then(bearer).ok_or_else(|| {
            let message =
                "The request has no access token: send it as `Authorization: Bearer <token>`.";
            Refusal::unauthorized("INVALID_AUTHENTICATION", message)
        })?;
        let known = self.state.tokens.lookup(token, self.now);
        known.map_err(|rejected| match rejected {
            Rejected::Unknown => {
                let message = "The access token is unknown: it was mistyped, rotated or revoked.";
                Refusal::unauthorized("INVALID_AUTHENTICATION", message)
            }
            Rejected::Expired => {
                let message = "The access token has expired: refresh it.";
                Refusal::unauthorized("EXPIRED_AUTHENTICATION", message)
            }
        })
    }

    fn perform(&mut self, routed: &Result<Destination, Refusal>) -> Reply {
        let outcome = match routed {
            Ok(Destination::Operation(route)) => self.call(route),
            Ok(Destination::Page) => match self.page() {
                Some(page) => return Reply::page(page),
                None => Err(no_operation(self.path())),
            },
            Err(refusal) => Err(refusal.clone()),
        };
        let is_of_test = matches!(&outcome, Ok(response) if matches!(response.origin, Origin::Test(_) | Origin::Replay));
        let mut reply = match outcome {
            Ok(response) => Reply::success(response),
            Err(refusal) => Reply::refusal(refusal, &self.correlation_id),
        };
        reply.set_correlation_id(&self.correlation_id);
        reply.set_date(self.now);
        // No behavior has these statuses.
        if matches!(reply.status, 405 | 501) && !is_of_test {
            reply.set_no_operation();
        }
        if let Some(rate) = self.rate {
            reply.set_rate(rate);
        }
        reply
    }

    fn call(&mut self, route: &Route) -> Result<Response, Refusal> {
        let endpoint = route.operation.endpoint;
        if let Some(grant) = &self.grant {
            let requirement = match self.required_scopes {
                RequiredScopes::OfOperation => route.operation.requirement()?,
                RequiredScopes::OfType(requirement) => requirement,
            };
            self.scopes = permission::check(requirement, grant)?;
            let caller = Caller {
                app_id: grant.holder.app_id,
                kind: grant.kind,
            };
            let limits = &grant.account.limits;
            self.rate = limits.take(endpoint.budget, caller, self.now)?;
        }
        let Some(body) = &self.received.body else {
            let message = format!("The body has more than {MOST_BODY_BYTES} bytes.");
            return Err(Refusal::new(413, "", message));
        };
        let query = self.query();
        let form = validate::Form {
            path: &route.path,
            query: &without_developer_key(query, endpoint.authentication),
            content_type: self.header(CONTENT_TYPE),
            body,
        };
        let checked = validate::check(endpoint, &form)?;
        let call = Call {
            endpoint,
            path: route.path.clone(),
            query: checked.query,
            body: checked.body,
            now: self.now,
            correlation_id: self.correlation_id.clone(),
        };
        let set = self.state.answers.get(endpoint.id).map(|answer| Response {
            status: answer.status,
            body: answer.body,
            origin: Origin::Test(answer.content_type),
        });
        if let Some(response) = set.or_else(|| self.replayed(endpoint.authentication)) {
            return Ok(response);
        }
        let grant = self.grant.as_ref();
        let context = Context {
            state: self.state,
            account: grant.map(|grant| &*grant.account),
            grant,
        };
        behavior::handle(&call, &context)
    }

    fn page(&self) -> Option<Page> {
        let path = percent_decode_str(self.path()).decode_utf8().ok()?;
        let query = form::decode(self.query()).ok()?;
        let fields = self.form_fields().unwrap_or_default();
        let request = PageRequest {
            method: self.received.head.method.as_str(),
            path: &path,
            query: &query,
            form: &fields,
        };
        (self.render)(&request, self.state)
    }

    fn form_fields(&self) -> Option<Vec<(String, String)>> {
        let content_type = self.header(CONTENT_TYPE)?;
        if !is_content_type(content_type, "application/x-www-form-urlencoded") {
            return None;
        }
        let body = self.received.body.as_ref()?;
        form::decode(std::str::from_utf8(body).ok()?).ok()
    }

    fn perform_at_fault(&mut self, routed: &Result<Destination, Refusal>, fault: &Fault) -> Reply {
        let effect = fault.effect();
        if *effect == Effect::Twice {
            let reply = self.perform(routed);
            self.record(&reply, Some(fault));
        }
        let effective = fault.takes_effect().then(|| self.perform(routed));
        let reply = fault::apply(effect, effective, &self.correlation_id);
        self.record(&reply, Some(fault));
        reply
    }

    fn write_recording(&self, reply: &Reply, request: &[u8]) {
        let path = self.path();
        let target = redact_target(path, self.query());
        let content_type = reply.headers.iter().find(|(name, _)| name == CONTENT_TYPE);
        let content_type = content_type.map(|(_, value)| value.as_bytes());
        self.state.recorder.add(&Exchanged {
            method: self.received.head.method.as_str(),
            url: format!("{}{target}", self.state.url),
            request,
            status: reply.status,
            response: &redact_body(path, content_type, &reply.body),
            time: self.now.to_string(),
        });
    }

    fn record(&self, reply: &Reply, fault: Option<&Fault>) {
        let path = self.path();
        let body = self.received.body.as_ref();
        let body = body.map(|body| redact_body(path, self.header(CONTENT_TYPE), body));
        if self.operation.is_some()
            && reply.delivery != Delivery::Reset
            && self.state.recorder.is_on()
        {
            self.write_recording(reply, body.as_deref().unwrap_or_default());
        }
        let account = self.grant.as_ref().map(|grant| Arc::clone(&grant.account));
        let (body, is_body_cut) = body.as_deref().map(kept).unwrap_or_default();
        self.state.journal.record(Entry {
            method: self.received.head.method.as_str().into(),
            path: redact_path(path),
            query: redact_query(self.query()),
            body,
            is_body_cut,
            operation: self.operation.map(|operation| operation.endpoint.id),
            account,
            scopes: self.scopes,
            status: (reply.delivery != Delivery::Reset).then_some(reply.status),
            fault: fault.map(|fault| fault.to_string().into()),
            time: self.now,
        });
    }
}

/// The token of an `Authorization` header. The scheme is case-insensitive.
fn bearer(header: &[u8]) -> Option<&str> {
    let (scheme, token) = std::str::from_utf8(header).ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// 501, which HubSpot does not send: a gap of the mock must not look like HubSpot's 404.
fn no_operation(path: &str) -> Refusal {
    let nearest = nearest(path).map_or_else(String::new, |nearest| {
        let (id, method, path) = (nearest.id, nearest.method, nearest.path);
        format!(" The nearest operation is {id}: {method} {path}.")
    });
    let message = format!("hubspot-mock has no operation at this path.{nearest}");
    Refusal::new(501, "", message)
}

fn other_methods(methods: &BTreeSet<&'static str>) -> Refusal {
    let methods = methods.iter().copied().collect::<Vec<_>>().join(", ");
    let message = format!("This path takes {methods} only.");
    let mut refusal = Refusal::new(405, "", message);
    refusal.allow = Some(methods);
    refusal
}

#[cfg(test)]
mod tests;
