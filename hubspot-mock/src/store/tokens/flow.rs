//! The OAuth flow: consents, authorization codes, their exchange for tokens, refresh and revocation.

use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hubspot_scopes::LoginKind;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::definitions::{App, Rotation};
use crate::store::tokens::State;
use crate::store::{Account, Consent, Failure, Grant, Holder, Tokens};

/// How long an authorization code is valid.
const CODE_LIFETIME: SignedDuration = SignedDuration::from_secs(30);
/// How long an access token is valid.
pub(crate) const ACCESS_LIFETIME: SignedDuration = SignedDuration::from_secs(1800);
/// How long a consent page is valid. HubSpot does not document it.
const CONSENT_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// What a user agreed to.
pub(crate) struct Approval<'a> {
    pub(crate) app: &'a App,
    pub(crate) account: &'a Arc<Account>,
    pub(crate) redirect_uri: &'a str,
    pub(crate) scopes: BTreeSet<String>,
    /// PKCE's `code_challenge`, made with S256.
    pub(crate) challenge: Option<&'a str>,
}

/// What an app sends to exchange a code for tokens.
pub(crate) struct CodeExchange<'a> {
    pub(crate) code: &'a str,
    pub(crate) redirect_uri: &'a str,
    /// PKCE's `code_verifier`.
    pub(crate) verifier: Option<&'a str>,
}

/// New tokens.
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    /// What the access token grants.
    pub(crate) grant: Grant,
}

/// An authorization code's grant and conditions.
pub(super) struct Code {
    /// What the refresh token will grant.
    pub(super) grant: Grant,
    redirect_uri: String,
    challenge: Option<String>,
    expires_at: Timestamp,
    used: bool,
}

impl Tokens {
    /// Stores an open consent page, and returns the nonce for its form.
    pub(crate) fn open_consent(&self, mut consent: Consent, now: Timestamp) -> String {
        let nonce = self.random.text(32);
        consent.expires_at = later(now, CONSENT_LIFETIME);
        let mut state = self.write();
        state.consents.retain(|_, open| now < open.expires_at);
        state.consents.insert(nonce.clone(), consent);
        nonce
    }

    /// Takes the consent page that a form belongs to. It can be taken once.
    pub(crate) fn take_consent(&self, nonce: &str, now: Timestamp) -> Option<Consent> {
        let consent = self.write().consents.remove(nonce)?;
        (now < consent.expires_at).then_some(consent)
    }

    /// Issues an authorization code for a user's approval.
    pub(crate) fn authorize(&self, approval: Approval<'_>, now: Timestamp) -> String {
        let code = self.random.text(36);
        let record = Code {
            grant: Grant {
                account: Arc::clone(approval.account),
                scopes: Arc::new(approval.scopes),
                kind: LoginKind::OAuth2,
                holder: Arc::new(Holder {
                    app_id: approval.app.id,
                    client_id: Some(approval.app.client_id.clone()),
                    name: approval.app.name.clone(),
                }),
                expires_at: None,
            },
            redirect_uri: approval.redirect_uri.to_owned(),
            challenge: approval.challenge.map(str::to_owned),
            expires_at: later(now, CODE_LIFETIME),
            used: false,
        };
        self.write().codes.insert(code.clone(), record);
        code
    }

    /// Exchanges a code for tokens, which installs the app.
    ///
    /// A second exchange of a code fails. The first tokens stay valid: RFC 6749 recommends to revoke them, but HubSpot does
    /// not document that it does. A failed attempt does not use up the code.
    pub(crate) fn exchange(
        &self,
        app: &App,
        exchange: &CodeExchange<'_>,
        now: Timestamp,
    ) -> Result<Issued, Failure> {
        let mut state = self.write();
        let code = state.codes.get_mut(exchange.code);
        let code = code.filter(|code| belongs_to(&code.grant, app));
        let code = code.ok_or(Failure::Code("unknown"))?;
        if code.used {
            return Err(Failure::Code("already used"));
        }
        if code.expires_at <= now {
            return Err(Failure::Code("expired"));
        }
        if code.redirect_uri != exchange.redirect_uri {
            return Err(Failure::RedirectUri);
        }
        verify(code.challenge.as_deref(), exchange.verifier)?;
        code.used = true;
        let grant = code.grant.clone();
        let refresh_token = self.random.text(app.token_length);
        let install = (app.client_id.clone(), grant.account.hub_id);
        state.installed.insert(install);
        state.store_refresh(refresh_token.clone(), grant.clone());
        Ok(self.issue(&mut state, app, refresh_token, grant, now))
    }

    /// Issues a new access token, with all scopes of the refresh token or with fewer.
    pub(crate) fn refresh(
        &self,
        app: &App,
        refresh_token: &str,
        scopes: Option<BTreeSet<String>>,
        now: Timestamp,
    ) -> Result<Issued, Failure> {
        let mut state = self.write();
        let stored = state.refresh.get(refresh_token);
        let stored = stored.filter(|stored| belongs_to(&stored.grant, app));
        let mut grant = stored.ok_or(Failure::RefreshToken)?.grant.clone();
        if scopes
            .as_ref()
            .is_some_and(|fewer| !fewer.is_subset(&grant.scopes))
        {
            return Err(Failure::Scope);
        }
        let replacement = match app.rotation {
            Rotation::Off => refresh_token.to_owned(),
            Rotation::KeepOld | Rotation::EndOld => self.random.text(app.token_length),
        };
        if app.rotation == Rotation::EndOld {
            state.refresh.remove(refresh_token);
        }
        if app.rotation != Rotation::Off {
            state.store_refresh(replacement.clone(), grant.clone());
        }
        if let Some(fewer) = scopes {
            grant.scopes = Arc::new(fewer);
        }
        Ok(self.issue(&mut state, app, replacement, grant, now))
    }

    pub(crate) fn lookup_refresh(&self, token: &str) -> Option<Grant> {
        let state = self.read();
        state.refresh.get(token).map(|stored| stored.grant.clone())
    }

    /// Revokes a refresh token; access tokens stay valid until they expire. Returns whether it existed.
    pub(crate) fn revoke_refresh(&self, token: &str) -> bool {
        self.write().refresh.remove(token).is_some()
    }

    /// Revokes an access token. Returns whether it existed.
    pub(crate) fn revoke_access(&self, token: &str) -> bool {
        self.write().access.remove(token).is_some()
    }

    fn issue(
        &self,
        state: &mut State,
        app: &App,
        refresh_token: String,
        mut grant: Grant,
        now: Timestamp,
    ) -> Issued {
        let access_token = self.random.text(app.token_length);
        grant.expires_at = Some(later(now, ACCESS_LIFETIME));
        state.store_access(access_token.clone(), grant.clone());
        Issued {
            access_token,
            refresh_token,
            grant,
        }
    }
}

/// Whether a grant was issued to this app.
pub(crate) fn belongs_to(grant: &Grant, app: &App) -> bool {
    grant.holder.client_id.as_deref() == Some(app.client_id.as_str())
}

/// Checks PKCE: the hash of the verifier must be the challenge.
///
/// A verifier without a challenge fails as well, as RFC 9700 requires: the challenge was removed from the link.
fn verify(challenge: Option<&str>, verifier: Option<&str>) -> Result<(), Failure> {
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (Some(challenge), Some(verifier))
            if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == challenge =>
        {
            Ok(())
        }
        (Some(_), Some(_)) => Err(Failure::Verifier("does not fit the code_challenge")),
        (Some(_), None) => Err(Failure::Verifier("is missing")),
        (None, Some(_)) => Err(Failure::Verifier(
            "was sent for a link without code_challenge",
        )),
    }
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.saturating_add(by).unwrap_or(Timestamp::MAX)
}
