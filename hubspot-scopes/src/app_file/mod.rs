//! The file of a HubSpot project that describes an app: `app-hsmeta.json`.
//!
//! An [`AppFile`] is what the file says about logging in. Every reader of such files goes through this module, so that
//! `scope_set!`, the audit and the login agree on what is wrong with a file.

mod error;
mod json;
#[cfg(test)]
mod tests;

pub use self::error::AppFileError;
use self::json::{Node, NodeKind};
use crate::fault::{ScopeFault, ScopeFaultReason};
use crate::lists::{ScopeList, ScopeLists};
use crate::login::LoginKind;

/// The scope that HubSpot adds to every OAuth app, and that no operation needs.
pub const LOGIN_SCOPE: &str = "oauth";

/// What an `app-hsmeta.json` says about how an app logs in, and with which scopes.
///
/// Names of scopes are taken as they are: HubSpot checks them when the project is uploaded.
///
/// ```
/// use hubspot_scopes::LoginKind;
/// use hubspot_scopes::app_file::AppFile;
///
/// let text = r#"{
///     "type": "app",
///     "config": { "auth": { "type": "oauth", "requiredScopes": ["oauth", "crm.objects.contacts.read"] } }
/// }"#;
/// let file = AppFile::parse(text)?;
/// assert_eq!(file.login, Some(LoginKind::OAuth2));
/// assert_eq!(file.scopes.required, ["oauth", "crm.objects.contacts.read"]);
/// # Ok::<(), hubspot_scopes::app_file::AppFileError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct AppFile {
    /// The kind of login of `config.auth.type`; `None` if the file states none that is known.
    pub login: Option<LoginKind>,
    /// The addresses to which HubSpot may send users back.
    pub redirect_urls: Vec<String>,
    /// The scopes. The lists `unlisted` and `assumed` are empty: a file has no such lists.
    pub scopes: ScopeLists,
}

impl AppFile {
    /// Reads the file of an app.
    ///
    /// # Errors
    ///
    /// Fails with the place and the reason if the text is not JSON, an object has a key twice, the file describes something
    /// else than an app, `config.auth` is missing, a value has the wrong type, a scope is empty, has a space or is listed
    /// twice, or the app has `static` auth and scopes that only `oauth` has.
    pub fn parse(text: &str) -> Result<Self, AppFileError> {
        let root = json::parse(text)?;
        match other_type(&root)? {
            None => read(&root),
            Some((kind, place)) => Err(place.error(format!("describes `{kind}`, not an app"))),
        }
    }

    /// Reads a file that may be that of an app: returns `None` if it describes something else.
    ///
    /// For files that were found by their name, which ends the same for all parts of a project (`webhooks-hsmeta.json`).
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), for files of apps and those that are not JSON.
    pub fn parse_if_app(text: &str) -> Result<Option<Self>, AppFileError> {
        let root = json::parse(text)?;
        match other_type(&root)? {
            None => read(&root).map(Some),
            Some(_) => Ok(None),
        }
    }
}

impl AppFile {
    /// Returns whether HubSpot may send users of the app back to `url`. A file that lists no address does not tell.
    pub fn may_redirect_to(&self, url: &str) -> bool {
        let listed = &self.redirect_urls;
        listed.is_empty() || listed.iter().any(|known| known == url)
    }

    /// Returns whether nobody logs in to the app: it has one token of its own.
    pub fn is_static(&self) -> bool {
        self.login == Some(LoginKind::PrivateApps)
    }
}

/// The type of a file that is not an app's, and its place.
fn other_type<'a>(root: &'a Node<'_>) -> Result<Option<(&'a str, &'a Node<'a>)>, AppFileError> {
    let NodeKind::Object(members) = &root.kind else {
        return Err(root.error(format!("should hold an object, but holds {}", root.name())));
    };
    let mut types = members.iter().filter(|member| member.key == "type");
    let first = types.next();
    if let Some(second) = types.next() {
        return Err(second.duplicate());
    }
    match first.map(|member| &member.value) {
        None => Ok(None),
        Some(value) => match &value.kind {
            NodeKind::String(kind) if kind == "app" => Ok(None),
            NodeKind::String(kind) => Ok(Some((kind, value))),
            _ => Err(value.wrong_type("type", "a string")),
        },
    }
}

fn read(root: &Node<'_>) -> Result<AppFile, AppFileError> {
    root.refuse_duplicates()?;
    let auth = root.object("config")?.object("config.auth")?;
    let file = AppFile {
        login: auth.login()?,
        redirect_urls: texts(&auth.strings("redirectUrls")?),
        scopes: scopes(auth)?,
    };
    Ok(file)
}

/// The three lists of `auth`, with scopes that an app with its kind of login may have.
fn scopes(auth: &Node<'_>) -> Result<ScopeLists, AppFileError> {
    let mut listed = ScopeLists::<Vec<Listed<'_>>>::default();
    for (list, key) in ScopeList::in_every_app_file() {
        *listed.get_mut(list) = auth.strings(key)?;
    }
    if auth.login()? == Some(LoginKind::PrivateApps) {
        allowed_in_static(&listed)?;
    }
    if let Some(fault) = listed.faults().first() {
        return Err(fault.scope.place.error(words(fault)));
    }
    let mut lists = ScopeLists::default();
    for (list, scopes) in listed.each() {
        *lists.get_mut(list) = texts(scopes);
    }
    Ok(lists)
}

/// Fails with the first scope that an app with `static` auth cannot have.
fn allowed_in_static(listed: &ScopeLists<Vec<Listed<'_>>>) -> Result<(), AppFileError> {
    for (list, scope) in listed.scopes() {
        let fault = if list != ScopeList::Required {
            let key = list.key_in_app_file().unwrap_or_default();
            format!("has `static` auth, which has required scopes only; `{key}` need `oauth`")
        } else if scope.text == LOGIN_SCOPE {
            "has `static` auth, which does not know the scope `oauth`".to_owned()
        } else {
            continue;
        };
        return Err(scope.place.error(fault));
    }
    Ok(())
}

fn words(fault: &ScopeFault<'_, Listed<'_>>) -> String {
    let scope = fault.scope.text;
    let key = fault.list.key_in_app_file().unwrap_or_default();
    match fault.reason {
        ScopeFaultReason::NotAName => {
            format!("has the scope {scope:?} in `{key}`, but no scope is empty or has a space")
        }
        ScopeFaultReason::Repeated { before } if before == fault.list => {
            format!("lists the scope `{scope}` twice in `{key}`")
        }
        ScopeFaultReason::Repeated { before } => {
            let before = before.key_in_app_file().unwrap_or_default();
            format!("lists the scope `{scope}` in `{before}` and in `{key}`")
        }
    }
}

/// A string of a list, and its place.
struct Listed<'a> {
    text: &'a str,
    place: &'a Node<'a>,
}

impl AsRef<str> for Listed<'_> {
    fn as_ref(&self) -> &str {
        self.text
    }
}

fn texts(listed: &[Listed<'_>]) -> Vec<String> {
    listed.iter().map(|one| one.text.to_owned()).collect()
}

impl<'a> Node<'a> {
    fn member(&self, key: &str) -> Option<&Node<'a>> {
        let NodeKind::Object(members) = &self.kind else {
            return None;
        };
        let mut members = members.iter();
        members
            .find(|member| member.key == key)
            .map(|member| &member.value)
    }

    /// The object at `path`, whose last key this object must have.
    fn object(&self, path: &str) -> Result<&Node<'a>, AppFileError> {
        let key = path.rsplit('.').next().unwrap_or(path);
        match self.member(key) {
            None => Err(self.error(format!("has no `{path}`"))),
            Some(node) if matches!(node.kind, NodeKind::Object(_)) => Ok(node),
            Some(node) => Err(node.wrong_type(path, "an object")),
        }
    }

    /// Of `config.auth`: its kind of login.
    fn login(&self) -> Result<Option<LoginKind>, AppFileError> {
        match self.member("type") {
            None => Ok(None),
            Some(node) => match &node.kind {
                NodeKind::String(name) => Ok(LoginKind::from_app_file(name)),
                _ => Err(node.wrong_type("config.auth.type", "a string")),
            },
        }
    }

    /// Of `config.auth`: a list of strings; one that is missing is empty.
    fn strings(&self, key: &str) -> Result<Vec<Listed<'_>>, AppFileError> {
        let path = format!("config.auth.{key}");
        let Some(list) = self.member(key) else {
            return Ok(Vec::new());
        };
        let NodeKind::Array(items) = &list.kind else {
            return Err(list.wrong_type(&path, "an array of strings"));
        };
        let items = items.iter().enumerate();
        items
            .map(|(index, item)| match &item.kind {
                NodeKind::String(text) => Ok(Listed { text, place: item }),
                _ => Err(item.wrong_type(&format!("{path}[{index}]"), "a string")),
            })
            .collect()
    }

    fn wrong_type(&self, path: &str, expected: &str) -> AppFileError {
        let found = self.name();
        self.error(format!(
            "has {found} in `{path}`, which should be {expected}"
        ))
    }
}
