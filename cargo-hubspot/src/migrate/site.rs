//! What becomes of a call in the current version.

use clap::ValueEnum;
use serde::Serialize;

use super::table::{self, Effect, Move, Until};
use crate::model::Place;
use crate::object_types::canonical;
use crate::operations;
use crate::path::{translated, version};
use crate::request::METHODS;

/// What becomes of a call; the order is that of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Outcome {
    /// The current version does not have it
    Gone,
    /// It needs other scopes
    Scopes,
    /// Parameters, fields or rules for values changed so that a call may fail
    Changed,
    /// There is no document of the older version to compare with
    Unknown,
    /// Only its name or its path is another
    Renamed,
}

impl Outcome {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Scopes => "scopes",
            Self::Changed => "changed",
            Self::Unknown => "unknown",
            Self::Renamed => "renamed",
        }
    }
}

/// A call of an older version.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Site {
    pub(super) outcome: Outcome,
    /// Where it is, if it is in the code.
    pub(super) place: Option<Place>,
    /// The function around it, if any.
    pub(super) function: Option<String>,
    /// The id of the operation, or the method and path of a raw request.
    pub(super) call: String,
    /// What to write instead: a call, or a method and path.
    pub(super) instead: Option<String>,
    /// What can break the call.
    pub(super) breaking: Vec<&'static str>,
    /// What cannot.
    pub(super) harmless: Vec<&'static str>,
    /// What documents do not show, and may matter.
    pub(super) notes: Vec<&'static str>,
    /// The end of support of the older version.
    pub(super) supported_until: Vec<Until>,
    /// How often it is in a list of paths; 1 in code.
    pub(super) count: usize,
    /// Whether all that can break the call is that its response lacks something.
    #[serde(skip)]
    pub(super) only_response: bool,
    #[serde(skip)]
    pub(super) rewrite: Option<Rewrite>,
}

/// What `--fix` replaces.
#[derive(Clone, Debug)]
pub(super) enum Rewrite {
    /// The path of a raw request.
    Path { old: String, new: String },
    /// The version in front of the names of an operation: `v3`, `contacts`, `list`.
    Version(Vec<&'static str>),
}

impl Site {
    fn new(from: &str, call: &str) -> Self {
        Self {
            outcome: Outcome::Unknown,
            place: None,
            function: None,
            call: call.to_owned(),
            instead: None,
            breaking: Vec::new(),
            harmless: Vec::new(),
            notes: Vec::new(),
            supported_until: table::support(from),
            count: 1,
            only_response: false,
            rewrite: None,
        }
    }

    /// An operation of the client, if it is of the older version. The client that is audited knows its route.
    pub(super) fn typed(from: &str, id: &str, route: Option<&str>) -> Option<Self> {
        let known = operations::find(id);
        let known = known.map(|operation| (operation.method.as_str(), operation.path));
        let (method, path) = route.and_then(|route| route.split_once(' ')).or(known)?;
        if version(path) != Some(from) {
            return None;
        }
        let mut site = Self::new(from, id);
        let Some(known) = table::find(from, method, path) else {
            return Some(site);
        };
        site.conclude(known);
        let Some((new_method, new_path)) = known.to else {
            return Some(site);
        };
        let same_name =
            |other: &&hubspot_generated::Operation| id.ends_with(&format!(".{}", other.id));
        let new = operations::all()
            .filter(|other| other.path == new_path && other.method.as_str() == new_method)
            .max_by_key(same_name);
        site.instead = Some(match new {
            Some(new) => operations::call(new),
            None => format!("{new_method} {new_path}"),
        });
        let own = operations::find(id)
            .zip(new)
            .filter(|(_, new)| same_name(new));
        site.rewrite = own.map(|(own, _)| Rewrite::Version(own.id.split('.').collect()));
        Some(site)
    }

    /// A request by its path, if it is of the older version. Without a method, the worst outcome of the path's operations.
    pub(super) fn raw(from: &str, method: Option<&str>, path: &str) -> Option<Self> {
        let (bare, _) = path.split_at(path.find(['?', '#']).unwrap_or(path.len()));
        if version(bare) != Some(from) {
            return None;
        }
        if let Some(method) = method {
            return Some(Self::of_request(from, method, path));
        }
        let bare = canonical(bare);
        let known = METHODS.into_iter();
        let known = known.filter(|method| table::find(from, method, &bare).is_some());
        let sites = known.map(|method| Self::of_request(from, method, path));
        let mut site = sites.min_by_key(|site| site.outcome).unwrap_or_else(|| {
            let mut site = Self::new(from, path);
            let alike = table::alike(None, &bare);
            site.instead = alike.map(|operation| format!("any {}", operation.path));
            site
        });
        path.clone_into(&mut site.call);
        // The method is not known, and the path says it all.
        site.instead = site
            .instead
            .and_then(|instead| Some(instead.split_once(' ')?.1.to_owned()));
        Some(site)
    }

    fn of_request(from: &str, method: &str, path: &str) -> Self {
        let (bare, query) = path.split_at(path.find(['?', '#']).unwrap_or(path.len()));
        let bare = canonical(bare);
        let mut site = Self::new(from, &format!("{method} {path}"));
        let known = table::find(from, method, &bare);
        // An operation that is gone for all types may be there for the one at hand.
        let alike = table::alike(Some(method), &bare);
        match known.and_then(|known| Some((known, known.to?))) {
            Some((known, (new_method, new))) => {
                site.conclude(known);
                let translated = translated(&bare, known.path, new).map(|new| new + query);
                let shown = translated.as_deref().unwrap_or(new);
                site.instead = Some(format!("{new_method} {shown}"));
                let same_method = method == new_method;
                site.rewrite = translated.filter(|_| same_method).map(|new| Rewrite::Path {
                    old: path.to_owned(),
                    new,
                });
            }
            None => match (alike, known) {
                (Some(operation), _) => site.instead = Some(format!("{method} {}", operation.path)),
                (None, Some(known)) => site.conclude(known),
                (None, None) => {}
            },
        }
        site
    }

    fn conclude(&mut self, known: &Move) {
        let with = |wanted: &[Effect]| {
            let changes = known.changes.iter();
            let changes = changes.filter(|change| wanted.contains(&change.effect));
            changes.map(|change| change.text).collect::<Vec<_>>()
        };
        if known
            .to
            .is_some_and(|(method, path)| is_crm_write(method, path))
        {
            self.notes.extend(table::on_crm_writes());
        }
        self.breaking = with(&[Effect::Scopes, Effect::Breaking, Effect::Response]);
        self.harmless = with(&[Effect::Harmless]);
        let is_response = self.breaking.len() == with(&[Effect::Response]).len();
        self.only_response = is_response && self.notes.is_empty();
        self.outcome = if known.to.is_none() {
            Outcome::Gone
        } else if !with(&[Effect::Scopes]).is_empty() {
            Outcome::Scopes
        } else if !self.breaking.is_empty() || !self.notes.is_empty() {
            Outcome::Changed
        } else {
            Outcome::Renamed
        };
    }
}

/// Returns whether an operation writes values of CRM records.
fn is_crm_write(method: &str, path: &str) -> bool {
    let others = ["archive", "associations", "gdpr-delete", "read", "search"];
    path.starts_with("/crm/objects/")
        && ["PATCH", "POST", "PUT"].contains(&method)
        && !path.split('/').any(|segment| others.contains(&segment))
}
