//! The `accounts` of a seed.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::behavior::objects;
use crate::definitions::{Owner, StaticKind, Tier};
use crate::generated::CURRENT;
use crate::pipeline::direct::{add_members, associate, create, define, path, set_rule};
use crate::seed::SeedError;
use crate::store::{Account, ServerState};
use crate::values::{Refusal, sync};

/// The created records by their place in the seed, with object type and id.
type SeededRecords<'a> = BTreeMap<String, (&'a str, u64)>;

/// A place in the account, and HubSpot's error message.
type Refused = (String, String);

/// The fields of an account that places of errors begin with. Places of records begin with their object type.
const FIELDS: [&str; 10] = [
    "associations",
    "groups",
    "labels",
    "lists",
    "owners",
    "pipelines",
    "properties",
    "schemas",
    "tokens",
    "validations",
];

/// Whether a place is in a field of the account, and not a record.
pub(super) fn is_field(place: &str) -> bool {
    let first = place.split(['.', '[']).next();
    first.is_some_and(|first| FIELDS.contains(&first))
}

/// HubSpot's error message, and what can be done about it.
fn message(refusal: Refusal) -> String {
    let first = refusal.body.errors.first();
    let remedy = match first.and_then(|detail| Some((detail.code?, detail.place.as_deref()?))) {
        Some(("PROPERTY_DOESNT_EXIST", _)) => {
            "; correct its name, or define it in `properties` of the account"
        }
        Some((_, "hubspot_owner_id")) => "; add the owner to `owners` of the account",
        Some(("INVALID_OPTION", _)) => "; write the value of one of its options",
        Some(("INVALID_LONG" | "INVALID_DATE" | "INVALID_VALUE", _)) => {
            "; write a value of the property's type"
        }
        Some(("INVALID_OPERATOR", _)) => "; use an operator that the property's type has",
        _ => "",
    };
    refusal.body.message + remedy
}

/// An account with its content.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AccountSeed {
    name: String,
    tier: Option<TierSeed>,
    #[serde(default)]
    capacity_pack: bool,
    #[serde(default)]
    tokens: Vec<TokenSeed>,
    #[serde(default)]
    withheld_scopes: Vec<String>,
    #[serde(default)]
    owners: Vec<OwnerSeed>,
    #[serde(default)]
    schemas: Vec<Value>,
    #[serde(default)]
    groups: BTreeMap<String, Vec<Value>>,
    #[serde(default)]
    properties: BTreeMap<String, Vec<Value>>,
    /// Rules by object type and property.
    #[serde(default)]
    validations: BTreeMap<String, BTreeMap<String, Vec<RuleSeed>>>,
    #[serde(default)]
    pipelines: BTreeMap<String, Vec<Value>>,
    #[serde(default)]
    labels: Vec<LabelSeed>,
    #[serde(default)]
    lists: Vec<ListSeed>,
    #[serde(default)]
    records: BTreeMap<String, Vec<BTreeMap<String, String>>>,
    #[serde(default)]
    associations: Vec<AssociationSeed>,
}

/// A label of associations.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LabelSeed {
    from: String,
    to: String,
    label: String,
    inverse_label: Option<String>,
}

/// A validation rule of a property.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RuleSeed {
    rule_type: String,
    #[serde(default)]
    rule_arguments: Vec<String>,
}

/// A list, with its members by their places in the seed.
#[derive(Clone, Debug, Deserialize)]
struct ListSeed {
    #[serde(default)]
    members: Vec<String>,
    #[serde(flatten)]
    body: Value,
}

/// An association of two records, which are named by their places in the seed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AssociationSeed {
    from: String,
    to: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OwnerSeed {
    id: Option<u64>,
    email: String,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
    #[serde(default)]
    teams: Vec<String>,
    #[serde(default)]
    archived: bool,
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
    kind: StaticKind,
    scopes: Vec<String>,
}

impl AccountSeed {
    /// Creates the account with its content.
    pub(super) fn apply(
        self,
        state: &ServerState,
        line: impl Fn(&str) -> Option<usize>,
    ) -> Result<(), SeedError> {
        let account = state.account(&self.name);
        if let Some(tier) = self.tier() {
            account.limits.set_tier(tier);
        }
        let refused = |(place, message): Refused| SeedError::Refused {
            line: line(&place),
            account: self.name.clone(),
            place,
            message,
        };
        self.apply_tokens(state, &account).map_err(refused)?;
        self.apply_owners(state, &account).map_err(refused)?;
        for (index, schema) in self.schemas.iter().enumerate() {
            define(state, &account, schema)
                .map_err(|refusal| refused((format!("schemas[{index}]"), message(refusal))))?;
        }
        self.apply_settings(state, &account).map_err(refused)?;
        self.apply_validations(state, &account).map_err(refused)?;
        let seeded_records = self.apply_records(state, &account).map_err(refused)?;
        for (index, association) in self.associations.iter().enumerate() {
            association
                .apply(state, &account, &seeded_records)
                .map_err(|message| refused((format!("associations[{index}]"), message)))?;
        }
        for (index, list) in self.lists.iter().enumerate() {
            list.apply(state, &account, &seeded_records)
                .map_err(|message| refused((format!("lists[{index}]"), message)))?;
        }
        Ok(())
    }

    fn apply_tokens(&self, state: &ServerState, account: &Arc<Account>) -> Result<(), Refused> {
        let withheld = self.withheld_scopes.iter().cloned();
        state.tokens.withhold(account.hub_id, withheld);
        for (index, token) in self.tokens.iter().enumerate() {
            let (value, scopes) = (token.token.clone(), token.scopes.iter().cloned());
            let kind = token.kind;
            if !state.tokens.adopt_static(account, kind, value, scopes) {
                let message = "the token exists already".to_owned();
                return Err((format!("tokens[{index}]"), message));
            }
        }
        Ok(())
    }

    fn apply_owners(&self, state: &ServerState, account: &Account) -> Result<(), Refused> {
        let now = state.clock.now().as_millisecond();
        let owners = &mut sync::lock(&account.crm).owners;
        for (index, seed) in self.owners.iter().enumerate() {
            let owner = Owner {
                id: seed.id,
                email: seed.email.clone(),
                first_name: seed.first_name.clone(),
                last_name: seed.last_name.clone(),
                teams: seed.teams.clone(),
                archived: seed.archived,
            };
            if owners.add(owner, now).is_none() {
                let message = "the id exists already".to_owned();
                return Err((format!("owners[{index}]"), message));
            }
        }
        Ok(())
    }

    /// Creates groups, properties, pipelines and labels, by the operations that do so.
    fn apply_settings(&self, state: &ServerState, account: &Account) -> Result<(), Refused> {
        let add = |place: String, path: &str, body: &Value| {
            let created = create(state, account, path, body);
            let refused = |refusal: Refusal| (place, message(refusal));
            created.map(drop).map_err(refused)
        };
        for (what, settings, api, rest) in [
            ("groups", &self.groups, "properties", &["groups"][..]),
            ("properties", &self.properties, "properties", &[]),
            ("pipelines", &self.pipelines, "pipelines", &[]),
        ] {
            for (object_type, bodies) in settings {
                for (index, body) in bodies.iter().enumerate() {
                    let mut body = body.clone();
                    if what == "properties" && body.is_object() && body["groupName"].is_null() {
                        let store = sync::lock(&account.crm);
                        let ty = store.resolve_type(object_type);
                        let ty = ty.and_then(|ty| store.definition(ty));
                        body["groupName"] = ty.map_or("", |ty| ty.default_group()).into();
                    }
                    let place = format!("{what}.{object_type}[{index}]");
                    let segments = [&["crm", api, CURRENT, object_type][..], rest];
                    add(place, &path(&segments.concat()), &body)?;
                }
            }
        }
        for (index, label) in self.labels.iter().enumerate() {
            let path = path(&[
                "crm",
                "associations",
                CURRENT,
                &label.from,
                &label.to,
                "labels",
            ]);
            let name = label.label.to_lowercase().replace(' ', "_");
            let body = json!({
                "label": label.label, "inverseLabel": label.inverse_label, "name": name,
            });
            add(format!("labels[{index}]"), &path, &body)?;
        }
        Ok(())
    }

    fn apply_validations(&self, state: &ServerState, account: &Account) -> Result<(), Refused> {
        for (object_type, properties) in &self.validations {
            for (property, rules) in properties {
                for (index, rule) in rules.iter().enumerate() {
                    let set = set_rule(
                        state,
                        account,
                        [object_type, property, &rule.rule_type],
                        &rule.rule_arguments,
                    );
                    let place = format!("validations.{object_type}.{property}[{index}]");
                    set.map_err(|refusal| (place, message(refusal)))?;
                }
            }
        }
        Ok(())
    }

    fn apply_records(
        &self,
        state: &ServerState,
        account: &Account,
    ) -> Result<SeededRecords<'_>, Refused> {
        let mut seeded_records = SeededRecords::new();
        for (object_type, records) in &self.records {
            for (index, properties) in records.iter().enumerate() {
                let place = format!("{object_type}[{index}]");
                let properties = properties.iter().map(|(name, value)| (&**name, &**value));
                let mut store = sync::lock(&account.crm);
                let now = state.clock.now();
                let seeded = objects::seed::seed(&mut store, now, object_type, properties);
                match seeded {
                    Ok(id) => seeded_records.insert(place, (object_type.as_str(), id)),
                    Err(refusal) => return Err((place, message(refusal))),
                };
            }
        }
        Ok(seeded_records)
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

impl AssociationSeed {
    fn apply(
        &self,
        state: &ServerState,
        account: &Account,
        seeded_records: &SeededRecords<'_>,
    ) -> Result<(), String> {
        let find = |place: &String| {
            let found = seeded_records.get(place);
            found.ok_or_else(|| format!("there is no record {place} in the seed"))
        };
        let ((from, from_id), (to, to_id)) = (find(&self.from)?, find(&self.to)?);
        let (from_id, to_id) = (from_id.to_string(), to_id.to_string());
        let associated = associate(state, account, (*from, &from_id), (*to, &to_id));
        associated.map_err(message)
    }
}

impl ListSeed {
    fn apply(
        &self,
        state: &ServerState,
        account: &Account,
        seeded_records: &SeededRecords<'_>,
    ) -> Result<(), String> {
        let created = create(
            state,
            account,
            &path(&["crm", "lists", CURRENT]),
            &self.body,
        );
        let created = created.map_err(message)?;
        let members = self.members.iter().map(|place| {
            let (_, id) = seeded_records
                .get(place)
                .ok_or_else(|| format!("there is no record {place} in the seed"))?;
            Ok(id.to_string())
        });
        let members = members.collect::<Result<Vec<_>, String>>()?;
        if members.is_empty() {
            return Ok(());
        }
        let list = created["list"]["listId"].as_str().unwrap_or_default();
        let added = add_members(state, account, list, &members);
        added.map_err(message)
    }
}

impl std::fmt::Debug for TokenSeed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenSeed")
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
