//! The tokens of an account, as a client uses them.
//!
//! Comes in: a call that needs a token, or whose token HubSpot did not accept. Goes out: the token, renewed if it was
//! time. Refuses: to renew for a 401 that says something else than that the token expired.

use reqwest::header::HeaderValue;

use super::manager::{AccountTokens, Current};
use crate::credential::{Pending, TokenSource, token_of};
use crate::error::Error;

/// HubSpot's category for a token whose time is over.
const EXPIRED: &str = "EXPIRED_AUTHENTICATION";

impl TokenSource for AccountTokens {
    fn current(&self) -> Option<HeaderValue> {
        let current = self.account.current.load();
        let current: &Current = current.as_deref()?;
        self.is_fresh(current).then(|| current.header.clone())
    }

    fn obtain(&self) -> Pending<'_, HeaderValue> {
        Box::pin(async move {
            let token = self.obtain(None).await?;
            Ok(token.0.header.clone())
        })
    }

    fn replace<'a>(&'a self, refused: &'a HeaderValue, error: &'a Error) -> Pending<'a, bool> {
        Box::pin(async move {
            let current = self.account.current.load_full();
            if current.is_some_and(|current| current.header != refused && self.is_fresh(&current)) {
                return Ok(true);
            }
            if error.category() != Some(EXPIRED) {
                return Ok(false);
            }
            let refused = token_of(refused);
            self.obtain(refused.as_ref()).await?;
            Ok(true)
        })
    }

    fn granted(&self, proven: bool) -> Pending<'_, Option<Vec<String>>> {
        Box::pin(async move {
            let mut token = self.access_token().await?;
            if !proven && !token.scopes().is_empty() {
                return Ok(Some(token.scopes().to_vec()));
            }
            let endpoint = &self.shared.endpoint;
            let mut info = endpoint.introspect(&token.0.token).await?;
            if !info.active {
                // HubSpot's clock ran ahead of ours.
                token = self.renew(&token).await?;
                info = endpoint.introspect(&token.0.token).await?;
            }
            Ok(Some(info.scopes))
        })
    }
}
