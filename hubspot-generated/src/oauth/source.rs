//! The tokens of an account, as a client uses them.

use std::sync::Arc;

use reqwest::header::HeaderValue;

use super::acceptance::Verdict;
use super::error::OAuthError;
use super::manager::AccountTokens;
use super::refresh::reject;
use super::single_flight;
use super::state::Trigger;
use crate::credential::{MAX_REPLACED, Pending, Target, TokenSource, token_of};
use crate::error::Error;

impl AccountTokens {
    /// Returns whether this token is in use; `None` if none is.
    fn is_current(&self, header: &HeaderValue) -> Option<bool> {
        let current = self.context.account.current.load();
        current.as_ref().map(|current| current.header == header)
    }

    /// Notes that HubSpot refused a token for `target` with `error`.
    fn refused(
        &self,
        header: &HeaderValue,
        target: Target,
        replaced: u32,
        error: &Error,
    ) -> Verdict {
        if self.is_current(header) == Some(false) && replaced < MAX_REPLACED {
            // It says nothing about the token in use, nor about the request.
            return Verdict::Refresh;
        }
        let now = self.context.shared.clock.now();
        let is_expired = error.category() == Some("EXPIRED_AUTHENTICATION");
        let mut acceptance = self.context.account.acceptance();
        acceptance.refused(target, replaced, is_expired, now)
    }
}

/// The error itself, or that of the account if it is recorded as the reason why the account needs authorization.
fn unshare(cause: Arc<Error>, hub_id: u64) -> Error {
    Arc::try_unwrap(cause).unwrap_or_else(|cause| {
        let refusal = Some(Arc::clone(&cause));
        cause.with_oauth(Arc::new(OAuthError::NeedsAuthorization {
            hub_id,
            cause: refusal,
        }))
    })
}

impl TokenSource for AccountTokens {
    fn current(&self) -> Option<HeaderValue> {
        let current = self.context.account.current.load();
        let current = current.as_deref()?;
        self.context
            .is_fresh(current)
            .then(|| current.header.clone())
    }

    fn obtain(&self, target: Target) -> Pending<'_, HeaderValue> {
        Box::pin(async move {
            let token = self.obtain(&Trigger::Due(Some(target))).await?;
            Ok(token.0.header.clone())
        })
    }

    fn replace<'a>(
        &'a self,
        refused: &'a HeaderValue,
        target: Target,
        replaced: u32,
        error: Error,
    ) -> Pending<'a, Option<Error>> {
        Box::pin(async move {
            let Some(token) = token_of(refused) else {
                return Ok(Some(error));
            };
            let error = match self.refused(refused, target, replaced, &error) {
                Verdict::Refresh => error,
                Verdict::Request => return Ok(Some(error)),
                Verdict::Account => {
                    let cause = Arc::new(error);
                    let (context, token) = (self.context.clone(), token.clone());
                    let refusal = Arc::clone(&cause);
                    let task = async move { Ok(reject(&context, &token, refusal).await) };
                    let hub_id = self.context.hub_id();
                    match self.context.shared.run(Some(hub_id), task).await {
                        Ok(Some(error)) => return Ok(Some(cause.with_oauth(Arc::new(error)))),
                        Ok(None) if replaced < MAX_REPLACED => unshare(cause, hub_id),
                        // An interrupted task says less than HubSpot's refusal.
                        Ok(None) | Err(_) => return Ok(Some(unshare(cause, hub_id))),
                    }
                }
            };
            match single_flight::join(&self.context, &Trigger::Refused(token)).await {
                Ok(_) => Ok(None),
                Err(cause) => Err(error.with_oauth(Arc::clone(&cause))),
            }
        })
    }

    fn accepted(&self, header: &HeaderValue, target: Target) {
        let is_current = self.is_current(header) == Some(true);
        let mut acceptance = self.context.account.acceptance();
        acceptance.accepted(target, is_current);
    }

    fn passed(&self, header: &HeaderValue) {
        if self.is_current(header) == Some(true) {
            self.context.account.acceptance().start(false);
        }
    }

    fn granted(&self, proven: bool) -> Pending<'_, Option<Vec<String>>> {
        Box::pin(async move {
            let mut token = self.access_token().await?;
            if !proven && !token.scopes().is_empty() {
                return Ok(Some(token.scopes().to_vec()));
            }
            let endpoint = &self.context.shared.endpoint;
            let mut info = endpoint.introspect(&token.0.token).await?;
            if !info.active {
                // HubSpot's clock is ahead of this one.
                token = self.refresh(&token).await?;
                info = endpoint.introspect(&token.0.token).await?;
            }
            Ok(Some(info.scopes))
        })
    }
}
