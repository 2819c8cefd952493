//! What a server starts with.
//!
//! Comes in: a JSON text. Goes out: apps, accounts, tokens, object types and records. Refuses unknown fields, and whatever
//! HubSpot would refuse, with the place.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::account::Account;
use crate::inside;
use crate::limits::Tier;
use crate::oauth::{App, InvalidApp};
use crate::refusal::Refusal;
use crate::sync;
use crate::tokens::StaticKind;
use crate::world::World;

/// Apps, accounts and records to start with, read from JSON.
///
/// ```
/// use hubspot_mock::Seed;
///
/// let seed: Seed = r#"{
///     "apps": [{
///         "clientId": "7fff1e36", "clientSecret": "not-so-secret", "name": "Nightly sync",
///         "redirectUris": ["http://localhost:3000/callback"],
///         "requiredScopes": ["oauth", "crm.objects.contacts.read"],
///         "conditionallyRequiredScopes": [], "optionalScopes": ["crm.objects.companies.read"]
///     }],
///     "accounts": [{
///         "name": "acme", "tier": "enterprise", "capacityPack": true,
///         "tokens": [{ "token": "pat-na1-demo", "kind": "privateApp", "scopes": ["crm.objects.contacts.read"] }],
///         "withheldScopes": ["crm.objects.custom.read"],
///         "schemas": [{
///             "name": "car", "labels": { "singular": "Car", "plural": "Cars" },
///             "primaryDisplayProperty": "vin", "requiredProperties": ["vin"],
///             "properties": [{ "name": "vin", "label": "VIN", "type": "string", "fieldType": "text" }],
///             "associatedObjects": ["CONTACT"]
///         }],
///         "records": { "contacts": [{ "email": "ada@example.com" }], "car": [{ "vin": "WVW1" }] }
///     }]
/// }"#.parse()?;
///
/// let error = r#"{ "account": [] }"#.parse::<Seed>().unwrap_err();
/// assert!(error.to_string().starts_with("unknown field `account`, expected `apps` or `accounts` at line 1"));
/// # Ok::<(), hubspot_mock::SeedError>(())
/// ```
///
/// Every field but `clientId`, `clientSecret`, `redirectUris`, `name` (of an account), `token` and `scopes` may be left
/// out. `tier` is `freeOrStarter`, `professional`, `enterprise` or `unlimited`; `kind` is `privateApp`, `projectApp` or
/// `serviceKey`. A schema is what the operation `v3.schemas.create` takes. Records are by object type, their values text.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Seed {
    apps: Vec<AppSeed>,
    accounts: Vec<AccountSeed>,
}

/// Why a seed cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SeedError {
    /// The text is not the JSON of a seed.
    #[error("{0}")]
    Form(String),
    /// HubSpot would not save an app's settings.
    #[error("apps[{index}]: {fault}")]
    App {
        /// Which app, from 0.
        index: usize,
        /// What is wrong with it.
        fault: InvalidApp,
    },
    /// HubSpot would refuse an object type or a record, or a token is there twice.
    #[error("account {account:?}, {place}: {message}")]
    Refused {
        /// The account's name.
        account: String,
        /// What is refused: `contacts[2]`, `schemas[0]`.
        place: String,
        /// What HubSpot would say.
        message: String,
    },
}

impl std::str::FromStr for Seed {
    type Err = SeedError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text).map_err(|error| SeedError::Form(error.to_string()))
    }
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AppSeed {
    client_id: String,
    client_secret: String,
    name: Option<String>,
    redirect_uris: Vec<String>,
    #[serde(default)]
    required_scopes: Vec<String>,
    #[serde(default)]
    conditionally_required_scopes: Vec<String>,
    #[serde(default)]
    optional_scopes: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AccountSeed {
    name: String,
    tier: Option<TierSeed>,
    #[serde(default)]
    capacity_pack: bool,
    #[serde(default)]
    tokens: Vec<TokenSeed>,
    #[serde(default)]
    withheld_scopes: Vec<String>,
    #[serde(default)]
    schemas: Vec<Value>,
    #[serde(default)]
    records: BTreeMap<String, Vec<BTreeMap<String, String>>>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum TierSeed {
    FreeOrStarter,
    Professional,
    Enterprise,
    Unlimited,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TokenSeed {
    token: String,
    #[serde(default)]
    kind: KindSeed,
    scopes: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum KindSeed {
    #[default]
    PrivateApp,
    ProjectApp,
    ServiceKey,
}

impl Seed {
    /// Puts everything in.
    pub(crate) fn plant(self, world: &World) -> Result<(), SeedError> {
        for (index, app) in self.apps.into_iter().enumerate() {
            let registered = world.tokens.register(app.into_app());
            registered.map_err(|fault| SeedError::App { index, fault })?;
        }
        for account in self.accounts {
            account.plant(world)?;
        }
        Ok(())
    }
}

impl AppSeed {
    fn into_app(self) -> App {
        let mut app = App::new(self.client_id, self.client_secret)
            .required(self.required_scopes)
            .conditional(self.conditionally_required_scopes)
            .optional(self.optional_scopes);
        if let Some(name) = self.name {
            app = app.name(name);
        }
        self.redirect_uris.into_iter().fold(app, App::redirect_uri)
    }
}

impl AccountSeed {
    fn plant(self, world: &World) -> Result<(), SeedError> {
        let account = world.account(&self.name);
        if let Some(tier) = self.tier() {
            account.limits.set_tier(tier);
        }
        world.tokens.withhold(account.hub_id, self.withheld_scopes);
        let refused = |place: String, message| SeedError::Refused {
            account: self.name.clone(),
            place,
            message,
        };
        for (index, token) in self.tokens.into_iter().enumerate() {
            let kind = token.kind.into();
            let kept = world
                .tokens
                .adopt_static(&account, kind, token.token, token.scopes);
            if !kept {
                let message = "the token is there already".to_owned();
                return Err(refused(format!("tokens[{index}]"), message));
            }
        }
        for (index, schema) in self.schemas.iter().enumerate() {
            define(world, &account, schema)
                .map_err(|refusal| refused(format!("schemas[{index}]"), refusal.body.message))?;
        }
        for (object_type, records) in &self.records {
            for (index, properties) in records.iter().enumerate() {
                let properties = properties.iter().map(|(name, value)| (&**name, &**value));
                let seeded =
                    sync::lock(&account.crm).seed(world.clock.now(), object_type, properties);
                seeded.map_err(|refusal| {
                    refused(format!("{object_type}[{index}]"), refusal.body.message)
                })?;
            }
        }
        Ok(())
    }

    fn tier(&self) -> Option<Tier> {
        let tier = match self.tier {
            None if !self.capacity_pack => return None,
            None | Some(TierSeed::Professional) => Tier::PROFESSIONAL,
            Some(TierSeed::FreeOrStarter) => Tier::FREE_OR_STARTER,
            Some(TierSeed::Enterprise) => Tier::ENTERPRISE,
            Some(TierSeed::Unlimited) => return Some(Tier::UNLIMITED),
        };
        Some(if self.capacity_pack {
            tier.with_capacity_pack()
        } else {
            tier
        })
    }
}

/// Defines a custom object type, and gives its id.
pub(crate) fn define(world: &World, account: &Account, schema: &Value) -> Result<String, Refusal> {
    // Later versions ask for fields that most schemas leave empty.
    let path = "/crm-object-schemas/v3/schemas";
    let answer = inside::call(world, account, "POST", path, schema)?;
    let id = answer.get("objectTypeId").and_then(Value::as_str);
    id.map(str::to_owned)
        .ok_or_else(|| Refusal::internal(&"the schema has no objectTypeId"))
}

impl From<KindSeed> for StaticKind {
    fn from(kind: KindSeed) -> Self {
        match kind {
            KindSeed::PrivateApp => Self::PrivateApp,
            KindSeed::ProjectApp => Self::ProjectApp,
            KindSeed::ServiceKey => Self::ServiceKey,
        }
    }
}

impl std::fmt::Debug for AppSeed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppSeed")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for TokenSeed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenSeed")
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
