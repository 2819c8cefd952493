//! Tokens in an encrypted file.
//!
//! Comes in and goes out: records, each sealed by itself, in one file that is sealed as a whole. Refuses: a file that was
//! changed or cut short, which is left as it is. Written in one step: to a new file, which takes the place of the old one.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::seal::TokenKeys;
use super::{Saved, StoreFuture, TokenRecord, TokenStore};
use crate::oauth::error::StoreError;

/// Keeps tokens in a file, encrypted with AES-256-GCM: for tools, and for services of one process and some hundred
/// accounts. The whole file is written at every renewal.
///
/// Only its owner may read the file (on Unix). Processes that use the same file write one after the other, and renew
/// at the same time unless they share a [`RefreshLock`](crate::oauth::RefreshLock), too.
///
/// ```no_run
/// use hubspot_generated::Unchecked;
/// use hubspot_generated::oauth::{FileStore, OAuthApp, TokenKey};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let store = FileStore::open("tokens.json", TokenKey::from_env("HUBSPOT_TOKEN_KEY")?)?;
/// let app = OAuthApp::<Unchecked>::builder("id", "secret", "https://app.example.com/callback")
///     .store(store)
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct FileStore {
    place: Arc<Place>,
}

struct Place {
    path: PathBuf,
    keys: TokenKeys,
}

/// What the file holds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    /// Sealed records by account.
    records: BTreeMap<u64, String>,
    /// What shows that no record was added, changed or taken away.
    seal: String,
}

/// What the seal of a file is about; no account is called so.
const ABOUT: &str = "file";

impl FileStore {
    /// A store at `path`; the file need not be there yet, its folder must.
    ///
    /// # Errors
    ///
    /// If there is a file that cannot be read, or that was not written with one of these keys.
    pub fn open(path: impl Into<PathBuf>, keys: impl Into<TokenKeys>) -> Result<Self, StoreError> {
        let place = Place {
            path: path.into(),
            keys: keys.into(),
        };
        place.read()?;
        Ok(Self {
            place: Arc::new(place),
        })
    }

    /// Does `work` on a thread that may wait for the disk.
    fn at<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Place) -> Result<T, StoreError> + Send + 'static,
    ) -> StoreFuture<'static, T> {
        let place = Arc::clone(&self.place);
        Box::pin(async move {
            tokio::task::spawn_blocking(move || work(&place))
                .await
                .map_err(|_| StoreError::new("the work on the token file was interrupted"))?
        })
    }
}

impl TokenStore for FileStore {
    fn load(&self, hub_id: u64) -> StoreFuture<'_, Option<TokenRecord>> {
        self.at(move |place| {
            let records = place.read()?;
            let sealed = records.get(&hub_id);
            sealed
                .map(|sealed| place.keys.open(hub_id, sealed))
                .transpose()
        })
    }

    fn save<'a>(&'a self, record: &'a TokenRecord) -> StoreFuture<'a, Saved> {
        let record = record.clone();
        self.at(move |place| {
            let _alone = place.lock()?;
            let mut records = place.read()?;
            if let Some(sealed) = records.get(&record.hub_id)
                && place.keys.open(record.hub_id, sealed)?.fence > record.fence
            {
                return Ok(Saved::Superseded);
            }
            records.insert(record.hub_id, place.keys.seal(&record)?);
            place.write(records)?;
            Ok(Saved::Kept)
        })
    }

    fn remove(&self, hub_id: u64) -> StoreFuture<'_, ()> {
        self.at(move |place| {
            let _alone = place.lock()?;
            let mut records = place.read()?;
            match records.remove(&hub_id) {
                Some(_) => place.write(records),
                None => Ok(()),
            }
        })
    }
}

impl Place {
    /// The records, once the file has proven whole; none if there is no file.
    fn read(&self) -> Result<BTreeMap<u64, String>, StoreError> {
        let text = match std::fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(error) => return Err(self.fault("cannot be read").caused_by(error)),
        };
        let content: Content = serde_json::from_slice(&text).map_err(|_| {
            self.damage("is damaged: it is not what this program wrote, or was cut short")
        })?;
        let shown = self
            .keys
            .decrypt(&content.seal, &about(&content.records)?)
            .map_err(|fault| self.damage(fault))?;
        debug_assert!(shown.is_empty(), "a seal holds nothing");
        Ok(content.records)
    }

    /// Puts a new file in the place of the old one.
    fn write(&self, records: BTreeMap<u64, String>) -> Result<(), StoreError> {
        let seal = self.keys.encrypt(&[], &about(&records)?)?;
        let text = serde_json::to_vec_pretty(&Content { records, seal })
            .map_err(|_| StoreError::lasting("the token file cannot be written as JSON"))?;
        let failed = |error| self.fault("cannot be written").caused_by(error);
        let folder = self.folder();
        // Readable by its owner only, on Unix.
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        file.write_all(&text).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(&self.path)
            .map_err(|error| failed(error.error))?;
        // The new name is on the disk when its folder is; not every system lets a folder be opened for that.
        if let Ok(folder) = File::open(folder) {
            let _ = folder.sync_all();
        }
        Ok(())
    }

    /// Keeps others from writing until it is dropped.
    fn lock(&self) -> Result<File, StoreError> {
        let mut path = self.path.clone().into_os_string();
        path.push(".lock");
        let failed = |error| self.fault("cannot be locked").caused_by(error);
        // Beside the file, which is another one after each write.
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .map_err(failed)?;
        file.lock().map_err(failed)?;
        Ok(file)
    }

    fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    fn fault(&self, what: &str) -> StoreError {
        StoreError::new(format!("the token file {} {what}", self.path.display()))
    }

    fn damage(&self, what: &str) -> StoreError {
        StoreError::lasting(format!(
            "the token file {} {what}; it is left as it is: put a copy in its place, or move it away and have the \
             accounts authorize the app anew",
            self.path.display()
        ))
    }
}

/// What the seal of a file is about: all of its records.
fn about(records: &BTreeMap<u64, String>) -> Result<String, StoreError> {
    let records = serde_json::to_string(records)
        .map_err(|_| StoreError::lasting("the token file cannot be written as JSON"))?;
    Ok(format!("{ABOUT} {records}"))
}

/// Shows the path.
impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileStore")
            .field("path", &self.place.path)
            .finish_non_exhaustive()
    }
}
