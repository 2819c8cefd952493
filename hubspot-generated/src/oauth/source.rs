//! The tokens of an account, as a client uses them.

use std::sync::Arc;

use reqwest::header::HeaderValue;

use super::acceptance::Verdict;
use super::manager::AccountTokens;
use super::refresh::reject;
use super::single_flight;
use super::state::Trigger;
use crate::credential::{MAX_REPLACED, Pending, Target, TokenSource, token_of};
use crate::error::Error;

impl AccountTokens {
    fn is_current(&self, header: &HeaderValue) -> bool {
        let current = self.context.account.current.load();
        let current = current.as_ref();
        current.is_some_and(|current| current.header == header)
    }
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
            let now = self.context.shared.clock.now();
            let is_expired = error.category() == Some("EXPIRED_AUTHENTICATION");
            let verdict = self
                .context
                .account
                .acceptance()
                .refused(target, replaced, is_expired, now);
            let error = match verdict {
                Verdict::Refresh => error,
                Verdict::Request => return Ok(Some(error)),
                Verdict::Account => {
                    let (context, token) = (self.context.clone(), token.clone());
                    let task = async move { Ok(reject(&context, &token, error).await) };
                    let hub_id = Some(self.context.hub_id());
                    match self.context.shared.run(hub_id, task).await? {
                        Ok(error) => return Ok(Some(error)),
                        Err(cause) if replaced >= MAX_REPLACED => return Ok(Some(cause)),
                        Err(cause) => cause,
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
        let mut acceptance = self.context.account.acceptance();
        acceptance.accepted(target, self.is_current(header));
    }

    fn passed(&self, header: &HeaderValue) {
        if self.is_current(header) {
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
