//! Reads definitions from an account.
//!
//! A type that the user names, or that the lock file has, must be readable. Others are left out with a warning.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, ensure};
use hubspot_generated::{Client, Error, Unchecked};
use hubspot_scopes::Sensitivity;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::catalogue::{Catalogue, ObjectType};
use super::definitions::key;
use super::responses::{AssociationType, List, Property, Responses, Schema};

/// The requests that are in flight at a time.
const AT_ONCE: usize = 8;

/// HubSpot's own types that are read unless types are named. The custom types come with them.
const USUAL: [&str; 6] = [
    "companies",
    "contacts",
    "deals",
    "line_items",
    "products",
    "tickets",
];

/// What was read from an account.
pub(super) struct Read {
    pub(super) responses: Responses,
    pub(super) types: Vec<ObjectType>,
    /// The types whose sensitive properties the token may not read.
    pub(super) without_sensitive: BTreeSet<String>,
    /// Why each type that the token may not read cannot be read, if types may be gone.
    pub(super) forbidden: BTreeMap<String, String>,
    /// The pairs of types whose associations could not be read.
    pub(super) unread_pairs: BTreeSet<[String; 2]>,
    pub(super) warnings: Vec<String>,
}

/// The properties of an object type.
struct Properties {
    list: List<Property>,
    /// Whether the token may not read the sensitive ones.
    without_sensitive: bool,
}

/// Reads the object types with these names; without names, the usual ones. Types that do not exist are left out if they
/// `may_be_gone`.
pub(super) fn read(
    variable: &str,
    base_url: Option<&str>,
    only: &[String],
    may_be_gone: bool,
) -> Result<Read> {
    let token = env::var(variable).map_err(|_| anyhow!("`{variable}` is not set"))?;
    ensure!(!token.trim().is_empty(), "`{variable}` is empty");
    let mut client = Client::unchecked_builder().access_token(token);
    if let Some(url) = base_url {
        client = client.base_url(url);
    }
    let reader = Reader {
        may_be_gone,
        client: client.build()?,
        permits: Arc::new(Semaphore::new(AT_ONCE)),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start")?;
    runtime.block_on(reader.read(only))
}

/// A client, and how it is used.
struct Reader {
    may_be_gone: bool,
    client: Client<Unchecked>,
    permits: Arc<Semaphore>,
}

impl Reader {
    async fn read(self, only: &[String]) -> Result<Read> {
        let mut warnings = Vec::new();
        let known = Catalogue::new(&[]);
        let all_standard = only.iter().all(|name| known.find(name).is_some());
        let schemas = if all_standard && !only.is_empty() {
            List::default()
        } else {
            self.schemas(only, &mut warnings).await?
        };
        let catalogue = Catalogue::new(&schemas.results);
        let mut types = self.wanted(&catalogue, only)?;
        let properties = self.properties(&types, &schemas.results).await;
        let mut read = BTreeMap::new();
        let mut without_sensitive = BTreeSet::new();
        let mut forbidden = BTreeMap::new();
        for (key, outcome) in properties {
            match outcome {
                Ok(properties) => {
                    without_sensitive.extend(properties.without_sensitive.then(|| key.clone()));
                    read.insert(key, properties.list);
                }
                Err(error) if only.is_empty() && can_be_skipped(&error) => {
                    warnings.push(format!("`{key}` was skipped: {error}"));
                    types.retain(|ty| ty.key != key);
                }
                Err(error) if self.may_be_gone && can_be_skipped(&error) => {
                    types.retain(|ty| ty.key != key);
                    if error.is_forbidden() {
                        forbidden.insert(key, error.to_string());
                    }
                }
                Err(error) => {
                    return Err(error)
                        .with_context(|| format!("cannot read the properties of `{key}`"));
                }
            }
        }
        let pairs = pairs(&catalogue, &schemas.results, &types);
        let mut unread_pairs = BTreeSet::new();
        let associations = self.associations(pairs, &mut unread_pairs, &mut warnings);
        let associations = associations.await?;
        let responses = Responses {
            schemas,
            properties: read,
            associations,
        };
        Ok(Read {
            responses,
            types,
            without_sensitive,
            forbidden,
            unread_pairs,
            warnings,
        })
    }

    /// The object types to read, by their keys.
    fn wanted(&self, catalogue: &Catalogue, only: &[String]) -> Result<Vec<ObjectType>> {
        let usual = USUAL.map(str::to_owned);
        let names = if only.is_empty() { &usual[..] } else { only };
        let mut wanted = catalogue.all(names, self.may_be_gone)?;
        if only.is_empty() {
            let custom = catalogue.custom().cloned();
            wanted.extend(custom.map(|ty| (ty.key.clone(), ty)));
        }
        Ok(wanted.into_values().collect())
    }

    async fn schemas(&self, only: &[String], warnings: &mut Vec<String>) -> Result<List<Schema>> {
        let request = self.client.schemas().list();
        match request.response_type::<List<Schema>>().send().await {
            Ok(mut schemas) => {
                schemas.results.retain(|schema| !schema.archived);
                Ok(schemas)
            }
            Err(error) if only.is_empty() && can_be_skipped(&error) => {
                warnings.push(format!("the custom object types were skipped: {error}"));
                Ok(List::default())
            }
            Err(error) => Err(error).context("cannot read the custom object types"),
        }
    }

    /// The properties of each type: HubSpot's own from the properties API; those of a custom type are in its schema, except
    /// for the sensitive ones.
    async fn properties(
        &self,
        types: &[ObjectType],
        schemas: &[Schema],
    ) -> Vec<(String, Result<Properties, Error>)> {
        let mut tasks = JoinSet::new();
        for ty in types {
            let mut schema = schemas.iter().filter(|schema| *schema.type_id() == ty.id);
            let schema = schema.next();
            let known = schema.map(|schema| schema.properties.clone());
            let sensitive = schema.and_then(|schema| schema.allows_sensitive_properties);
            let (client, permits) = (self.client.clone(), Arc::clone(&self.permits));
            let (key, path) = (ty.key.clone(), ty.path.clone());
            tasks.spawn(async move {
                let permit = permits.acquire_owned().await;
                let sensitive = sensitive != Some(false);
                let outcome = properties_of(&client, &path, known, sensitive).await;
                drop(permit);
                (key, outcome)
            });
        }
        let mut read = tasks.join_all().await;
        read.sort_by(|(one, _), (other, _)| one.cmp(other));
        read
    }

    /// The association types of each pair.
    async fn associations(
        &self,
        pairs: BTreeSet<[(String, String); 2]>,
        unread: &mut BTreeSet<[String; 2]>,
        warnings: &mut Vec<String>,
    ) -> Result<BTreeMap<String, BTreeMap<String, List<AssociationType>>>> {
        let mut tasks = JoinSet::new();
        for [(from, from_path), (to, to_path)] in pairs {
            let (client, permits) = (self.client.clone(), Arc::clone(&self.permits));
            tasks.spawn(async move {
                let permit = permits.acquire_owned().await;
                let labels = client.association_definitions();
                let labels = labels.list_labels(&from_path, &to_path);
                let outcome = labels.response_type::<List<AssociationType>>().send().await;
                drop(permit);
                (from, to, outcome)
            });
        }
        let mut read = tasks.join_all().await;
        read.sort_by(|one, other| (&one.0, &one.1).cmp(&(&other.0, &other.1)));
        let mut found = BTreeMap::<_, BTreeMap<_, _>>::new();
        for (from, to, outcome) in read {
            match outcome {
                Ok(labels) => _ = found.entry(from).or_default().insert(to, labels),
                Err(error) if can_be_skipped(&error) => {
                    warnings.push(format!(
                        "the associations from `{from}` to `{to}` were skipped: {error}"
                    ));
                    unread.insert([from, to]);
                }
                Err(error) => {
                    return Err(error).with_context(|| {
                        format!("cannot read the associations from `{from}` to `{to}`")
                    });
                }
            }
        }
        Ok(found)
    }
}

async fn properties_of(
    client: &Client<Unchecked>,
    path: &str,
    known: Option<Vec<Property>>,
    sensitive: bool,
) -> Result<Properties, Error> {
    let list = || {
        let list = client.properties().list(path);
        list.response_type::<List<Property>>()
    };
    let results = match known {
        Some(known) => known,
        None => list().send().await?.results,
    };
    let mut all = Properties {
        list: List {
            results,
            is_given: true,
        },
        without_sensitive: false,
    };
    // A list of properties leaves out those of each sensitivity.
    for sensitivity in Sensitivity::ALL.iter().filter(|_| sensitive) {
        match list()
            .query("dataSensitivity", sensitivity.name())
            .send()
            .await
        {
            Ok(more) => {
                let known = all.list.results.iter();
                let names: BTreeSet<_> = known.map(|property| property.name.clone()).collect();
                let more = more.results.into_iter();
                let new = more.filter(|property| !names.contains(&property.name));
                all.list.results.extend(new);
            }
            Err(error) if error.is_forbidden() => all.without_sensitive = true,
            // The account has no sensitive data.
            Err(error) if error.status().is_some_and(|status| status == 400) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}

/// The pairs whose association types are read: those of HubSpot's own types, and those that a schema names.
fn pairs(
    catalogue: &Catalogue,
    schemas: &[Schema],
    types: &[ObjectType],
) -> BTreeSet<[(String, String); 2]> {
    let of = |ty: &ObjectType| (ty.key.clone(), ty.path.clone());
    let find = |id: &str| {
        let key = key(catalogue, id);
        types.iter().find(|ty| ty.key == key)
    };
    let defined = schemas.iter().flat_map(|schema| &schema.associations);
    let defined = defined.filter_map(|definition| {
        let from = find(&definition.from_object_type_id)?;
        let to = find(&definition.to_object_type_id)?;
        Some([of(from), of(to)])
    });
    let standard = || types.iter().filter(|ty| ty.is_standard);
    let standard = standard().flat_map(|from| standard().map(move |to| [of(from), of(to)]));
    standard.chain(defined).collect()
}

/// Returns whether the token may not read something, or the account does not have it.
fn can_be_skipped(error: &Error) -> bool {
    error.is_forbidden() || error.is_not_found()
}
