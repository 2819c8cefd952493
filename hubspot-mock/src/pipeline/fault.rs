//! Turns faults into responses.

use crate::definitions::Effect;
use crate::pipeline::reply::{Delivery, Reply};
use crate::values::Refusal;

/// Returns the response to a request that meets a fault. `effective` is the response without the fault, if the request
/// took effect.
pub(crate) fn apply(effect: &Effect, effective: Option<Reply>, correlation_id: &str) -> Reply {
    let error = |refusal, retry_after| {
        let refusal = Refusal {
            retry_after,
            ..refusal
        };
        let mut reply = Reply::refusal(refusal, correlation_id);
        reply.set_correlation_id(correlation_id);
        reply
    };
    let deliver = |delivery| {
        let mut reply = effective.unwrap_or_else(|| Reply::html_error(500));
        reply.delivery = delivery;
        reply
    };
    match effect {
        Effect::Status {
            status,
            retry_after,
        } => error(of_status(*status), *retry_after),
        Effect::RateLimit {
            policy,
            retry_after,
        } => error(policy.refusal(), *retry_after),
        Effect::Expired => {
            let message = "The access token has expired: refresh it.";
            error(
                Refusal::unauthorized("EXPIRED_AUTHENTICATION", message),
                None,
            )
        }
        Effect::Html { status } => Reply::html_error(*status),
        Effect::Reset => deliver(Delivery::Reset),
        Effect::Latency(delay) => deliver(Delivery::Late(*delay)),
        Effect::Truncated => deliver(Delivery::Truncated),
        Effect::Drip { bytes, pause } => deliver(Delivery::Drip {
            bytes: *bytes,
            pause: *pause,
        }),
        Effect::Twice => deliver(Delivery::Whole),
        Effect::ContentType(content_type) => {
            let mut reply = deliver(Delivery::Whole);
            reply.set_content_type(content_type);
            reply
        }
    }
}

fn of_status(status: u16) -> Refusal {
    let (category, message) = match status {
        400 => (
            "VALIDATION_ERROR",
            "The request is refused by an injected fault.",
        ),
        401 => (
            "INVALID_AUTHENTICATION",
            "The token is refused by an injected fault.",
        ),
        403 => (
            "MISSING_SCOPES",
            "The scopes are refused by an injected fault.",
        ),
        404 => (
            "OBJECT_NOT_FOUND",
            "The record is hidden by an injected fault.",
        ),
        409 => ("CONFLICT", "An injected fault reports a conflict."),
        423 => ("", "The record is locked: wait two seconds or more."),
        477 => ("", "The account is moving to another data centre."),
        _ => ("", "An injected fault occurs."),
    };
    Refusal::new(status, category, message)
}
