//! The tokens of an account, as a client uses them.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use reqwest::header::HeaderValue;

use super::manager::AccountTokens;
use super::refresh::reject;
use super::single_flight;
use super::state::Trigger;
use crate::credential::{Pending, TokenSource, token_of};
use crate::error::Error;

impl TokenSource for AccountTokens {
    fn current(&self) -> Option<HeaderValue> {
        let current = self.context.account.current.load();
        let current = current.as_deref()?;
        self.context
            .is_fresh(current)
            .then(|| current.header.clone())
    }

    fn obtain(&self) -> Pending<'_, HeaderValue> {
        Box::pin(async move {
            let token = self.access_token().await?;
            Ok(token.0.header.clone())
        })
    }

    fn replace<'a>(
        &'a self,
        refused: &'a HeaderValue,
        was_replaced: bool,
        error: Error,
    ) -> Pending<'a, Option<Error>> {
        Box::pin(async move {
            let Some(token) = token_of(refused) else {
                return Ok(Some(error));
            };
            let account = &self.context.account;
            let mut error = error;
            // If the refused token is itself a replacement, another one will not help.
            if was_replaced || account.awaits_acceptance.load(Ordering::Relaxed) {
                match reject(&self.context, &token, error).await {
                    Ok(error) => return Ok(Some(error)),
                    Err(cause) if was_replaced => return Ok(Some(cause)),
                    Err(cause) => error = cause,
                }
            }
            match single_flight::join(&self.context, &Trigger::Refused(token)).await {
                Ok(_) => Ok(None),
                Err(cause) => Err(error.with_oauth(Arc::clone(&cause))),
            }
        })
    }

    fn accepted(&self, header: &HeaderValue) {
        let account = &self.context.account;
        if account.awaits_acceptance.load(Ordering::Relaxed)
            && account
                .current
                .load()
                .as_ref()
                .is_some_and(|current| current.header == header)
        {
            account.awaits_acceptance.store(false, Ordering::Relaxed);
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
