//! Seeds: JSON files that describe what a server starts with.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use hubspot_scopes::app_file::AppFile;

use crate::definitions::{App, ConflictBody, InvalidValues};
use crate::store::{Answer, ServerState};

mod account;
mod error;
mod faults;
mod line;

pub use self::error::SeedError;

/// The apps, accounts, records and faults that a server starts with, parsed from JSON.
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
///         "owners": [{ "id": 7, "email": "grace@example.com", "teams": ["Sales"] }],
///         "properties": { "contacts": [{ "name": "member_code", "label": "Code", "type": "string", "fieldType": "text" }] },
///         "labels": [{ "from": "contacts", "to": "companies", "label": "Works for", "inverseLabel": "Employs" }],
///         "records": {
///             "contacts": [{ "email": "ada@example.com", "member_code": "A1", "hubspot_owner_id": "7" }],
///             "car": [{ "vin": "WVW1" }]
///         },
///         "lists": [{ "name": "Members", "objectTypeId": "0-1", "processingType": "MANUAL", "members": ["contacts[0]"] }],
///         "associations": [{ "from": "car[0]", "to": "contacts[0]" }]
///     }],
///     "faults": [
///         { "fault": "rateLimit", "retryAfterSeconds": 1, "requests": 2, "on": "contacts.list" },
///         { "fault": { "status": 503 }, "share": 0.05 }
///     ],
///     "randomSeed": 7
/// }"#.parse()?;
///
/// let error = r#"{ "account": [] }"#.parse::<Seed>().unwrap_err();
/// assert!(error.to_string().starts_with("unknown field `account`, expected one of `apps`, `accounts`"));
/// # Ok::<(), hubspot_mock::SeedError>(())
/// ```
///
/// All fields are optional, except `clientId`, `clientSecret`, `redirectUris` (unless there is an `appFile`), the `name` of
/// an account, `token`, `scopes` and `fault`.
///
/// | field | meaning |
/// | --- | --- |
/// | `appFile` | the path of the `app-hsmeta.json` of a HubSpot project, whose redirect URLs and scopes the app gets; relative to the folder of the seed with [`load`](Seed::load), otherwise to the current folder |
/// | `tier` | `freeOrStarter`, `professional`, `enterprise` or `unlimited` |
/// | `kind` | `privateApp`, `projectApp` or `serviceKey` |
/// | `schemas` | each is a request body of `v3.schemas.create` |
/// | `owners` | users to whom records belong; the `id` may be left out |
/// | `groups`, `properties`, `pipelines` | by object type; each is a request body of `properties.create_group`, `properties.create` (without `groupName`, of the first group) or `pipelines.create` |
/// | `validations` | rules by object type and property: `{"contacts": {"code": [{"ruleType": "MAX_LENGTH", "ruleArguments": ["8"]}]}}` |
/// | `labels` | labels of associations in one or both directions |
/// | `lists` | each is a request body of `lists.create`, with the `members` of a manual list |
/// | `records` | by object type; all values are text |
/// | `associations` | without a label, between two records: `contacts[0]` is the first of `records.contacts` |
/// | `fault` | a [`Fault`](crate::Fault): `"locked"`, `"rateLimit"`, `"dailyLimit"`, `"searchLimit"`, `"reset"`, `"truncatedBody"`, `"duplicateDelivery"`, `"expiredToken"`, `{"status": 503}`, `{"html": 502}`, `{"movingSeconds": 60}`, `{"latencyMilliseconds": 200}`, `{"slowDrip": {"bytes": 1, "pauseMilliseconds": 10}}` or `{"contentType": "text/html"}` |
/// | `requests`, `seconds`, `share` | for a number of requests (the default is one), for a time, or with a probability |
/// | `on`, `inAccount`, `afterEffect`, `retryAfterSeconds` | as the methods of [`Fault`](crate::Fault) with these names |
/// | `randomSeed` | the seed of the random source for `share` |
/// | `searchLagMilliseconds` | as [`search_lag`](crate::MockHubSpotBuilder::search_lag) of the builder; the longer one applies |
/// | `invalidValues` | `whole` or `perInput`, unless the builder sets [`invalid_values`](crate::MockHubSpotBuilder::invalid_values) |
/// | `answers` | bodies of responses by operation, as [`on`](crate::MockHubSpot::on) sets them |
/// | `conflictBody` | `short` or `long`, unless the builder sets [`conflict_body`](crate::MockHubSpotBuilder::conflict_body) |
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Seed {
    apps: Vec<AppSeed>,
    accounts: Vec<account::AccountSeed>,
    faults: Vec<faults::FaultSeed>,
    #[serde(rename = "randomSeed")]
    random: u64,
    search_lag_milliseconds: u64,
    answers: BTreeMap<String, Value>,
    /// The JSON that it was parsed from, to find the lines of errors.
    #[serde(skip)]
    text: Arc<str>,
    /// The file that it was read from, which errors name.
    #[serde(skip)]
    path: Option<PathBuf>,
    pub(crate) invalid_values: Option<InvalidValues>,
    pub(crate) conflict_body: Option<ConflictBody>,
}

impl std::str::FromStr for Seed {
    type Err = SeedError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text, Path::new(""))
    }
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AppSeed {
    client_id: String,
    client_secret: String,
    name: Option<String>,
    #[serde(default)]
    redirect_uris: Vec<String>,
    app_file: Option<PathBuf>,
    /// The content of `app_file`.
    #[serde(skip)]
    file: Option<AppFile>,
    #[serde(default)]
    required_scopes: Vec<String>,
    #[serde(default)]
    conditionally_required_scopes: Vec<String>,
    #[serde(default)]
    optional_scopes: Vec<String>,
}

impl Seed {
    /// Reads a seed from a file.
    ///
    /// # Errors
    ///
    /// Fails if the file, or one that it names in `appFile`, cannot be read or is not valid.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, SeedError> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|source| SeedError::Read {
            path: path.to_owned(),
            source,
        })?;
        let seed = Self::parse(&text, path.parent().unwrap_or(Path::new("")));
        let seed = seed.map_err(|error| error.in_file(path))?;
        Ok(Self {
            path: Some(path.to_owned()),
            ..seed
        })
    }

    fn parse(text: &str, folder: &Path) -> Result<Self, SeedError> {
        let seed = serde_json::from_str::<Self>(text);
        let mut seed = seed.map_err(|error| SeedError::form(&error))?;
        for (index, app) in seed.apps.iter_mut().enumerate() {
            let Some(path) = app.app_file.as_ref().map(|path| folder.join(path)) else {
                continue;
            };
            let file = std::fs::read_to_string(&path).map_err(|error| error.to_string());
            let file =
                file.and_then(|text| AppFile::parse(&text).map_err(|error| error.to_string()));
            app.file = Some(file.map_err(|message| SeedError::AppFile {
                line: line::line(text, &format!("apps[{index}]")),
                index,
                path,
                message,
            })?);
        }
        seed.text = text.into();
        Ok(seed)
    }

    pub(crate) const fn search_lag(&self) -> Duration {
        Duration::from_millis(self.search_lag_milliseconds)
    }

    pub(crate) fn apply(mut self, state: &ServerState) -> Result<(), SeedError> {
        let path = self.path.take();
        let applied = self.apply_parts(state);
        applied.map_err(|error| match &path {
            Some(path) => error.in_file(path),
            None => error,
        })
    }

    fn apply_parts(self, state: &ServerState) -> Result<(), SeedError> {
        let find = |place: &str| line::line(&self.text, place);
        for (index, app) in self.apps.into_iter().enumerate() {
            let registered = state.tokens.register(app.into_app());
            let line = || find(&format!("apps[{index}]"));
            registered.map_err(|fault| SeedError::App {
                line: line(),
                index,
                fault,
            })?;
        }
        for (index, account) in self.accounts.into_iter().enumerate() {
            account.apply(state, |place| {
                let field = if account::is_field(place) {
                    ""
                } else {
                    "records."
                };
                find(&format!("accounts[{index}].{field}{place}"))
            })?;
        }
        for (operation, body) in &self.answers {
            let set = state.answers.set(operation, Answer::json(200, body));
            set.map_err(|unknown| SeedError::Answer {
                line: line::line_of_field(&self.text, "answers", operation),
                message: unknown.to_string(),
            })?;
        }
        faults::apply(self.faults, self.random, state, find)
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
        if let Some(file) = &self.file {
            app = app.app_file(file);
        }
        self.redirect_uris.into_iter().fold(app, App::redirect_uri)
    }
}

impl std::fmt::Debug for AppSeed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppSeed")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}
