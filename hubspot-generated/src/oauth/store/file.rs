//! A token store in an encrypted file.
//!
//! Each record is encrypted by itself, and the file as a whole is authenticated. A write creates a new file, which then
//! replaces the old one. A file that was changed or cut short is an error, and is never overwritten.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::seal::TokenKeys;
use super::{Saved, StoreFuture, TokenRecord, TokenStore};
use crate::debug::debug_fields;
use crate::oauth::error::StoreError;

/// A token store in a file, encrypted with AES-256-GCM: for tools, and for services of one process and some hundred
/// accounts. The whole file is written at every refresh.
///
/// Only its owner may read the file and its lock file (on Unix). Processes that use the same file write one after the
/// other: an operation waits five seconds for the lock file, and fails then. They refresh at the same time unless they
/// share a [`RefreshLock`](crate::oauth::RefreshLock), too.
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
    file: Arc<TokenFile>,
}

struct TokenFile {
    path: PathBuf,
    keys: TokenKeys,
}

/// The content of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    /// Encrypted records by account.
    records: BTreeMap<u64, String>,
    /// Authenticates all records together.
    seal: String,
}

/// The context of the seal, which is not the id of an account.
const CONTEXT: &str = "file";
/// How often the lock file is tried, and the pause in between: 5 seconds in all.
const LOCK_ATTEMPTS: u32 = 250;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

impl FileStore {
    /// Opens a store at `path`. The folder must exist; the file need not.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or was not written with one of these keys.
    pub fn open(path: impl Into<PathBuf>, keys: impl Into<TokenKeys>) -> Result<Self, StoreError> {
        let file = TokenFile {
            path: path.into(),
            keys: keys.into(),
        };
        file.read()?;
        Ok(Self {
            file: Arc::new(file),
        })
    }

    /// Runs `work` on a thread that may block.
    fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&TokenFile) -> Result<T, StoreError> + Send + 'static,
    ) -> StoreFuture<'static, T> {
        let file = Arc::clone(&self.file);
        Box::pin(async move {
            tokio::task::spawn_blocking(move || work(&file))
                .await
                .map_err(|_| StoreError::new("the work on the token file was interrupted"))?
        })
    }
}

impl TokenStore for FileStore {
    fn load(&self, hub_id: u64) -> StoreFuture<'_, Option<TokenRecord>> {
        self.run(move |file| {
            let records = file.read()?;
            let sealed = records.get(&hub_id);
            sealed
                .map(|sealed| file.keys.open(hub_id, sealed))
                .transpose()
        })
    }

    fn save<'a>(&'a self, record: &'a TokenRecord) -> StoreFuture<'a, Saved> {
        let record = record.clone();
        self.run(move |file| {
            let _lock = file.lock()?;
            let mut records = file.read()?;
            if let Some(sealed) = records.get(&record.hub_id)
                && file.keys.open(record.hub_id, sealed)?.fence > record.fence
            {
                return Ok(Saved::Superseded);
            }
            records.insert(record.hub_id, file.keys.seal(&record)?);
            file.write(records)?;
            Ok(Saved::Kept)
        })
    }

    fn remove(&self, hub_id: u64) -> StoreFuture<'_, ()> {
        self.run(move |file| {
            let _lock = file.lock()?;
            let mut records = file.read()?;
            match records.remove(&hub_id) {
                Some(_) => file.write(records),
                None => Ok(()),
            }
        })
    }
}

impl TokenFile {
    /// Reads and authenticates the records; none if the file does not exist.
    fn read(&self) -> Result<BTreeMap<u64, String>, StoreError> {
        let text = match std::fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(error) => return Err(self.error("cannot be read").caused_by(error)),
        };
        let content: Content = serde_json::from_slice(&text).map_err(|_| {
            self.damaged("is damaged: it is not what this program wrote, or was cut short")
        })?;
        let content_of_seal = self
            .keys
            .decrypt(&content.seal, &context(&content.records)?)
            .map_err(|fault| self.damaged(fault))?;
        debug_assert!(content_of_seal.is_empty(), "a seal holds nothing");
        Ok(content.records)
    }

    /// Replaces the file.
    fn write(&self, records: BTreeMap<u64, String>) -> Result<(), StoreError> {
        let seal = self.keys.encrypt(&[], &context(&records)?)?;
        let text = serde_json::to_vec_pretty(&Content { records, seal })
            .map_err(|_| StoreError::permanent("the token file cannot be written as JSON"))?;
        let failed = |error| self.error("cannot be written").caused_by(error);
        let folder = self.folder();
        // On Unix, only its owner may read it.
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        file.write_all(&text).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(&self.path)
            .map_err(|error| failed(error.error))?;
        // Makes the new name durable. Not every system lets a folder be opened for that.
        if let Ok(folder) = File::open(folder) {
            let _ = folder.sync_all();
        }
        Ok(())
    }

    /// Keeps others from writing until it is dropped.
    fn lock(&self) -> Result<File, StoreError> {
        // A file of its own, since each write replaces the token file.
        let mut path = self.path.clone().into_os_string();
        path.push(".lock");
        let failed = |error| self.error("cannot be locked").caused_by(error);
        let file = open_private(Path::new(&path)).map_err(failed)?;
        for _ in 0..LOCK_ATTEMPTS {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
        Err(self.error("is locked by another process"))
    }

    fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    fn error(&self, what: &str) -> StoreError {
        StoreError::new(format!("the token file {} {what}", self.path.display()))
    }

    fn damaged(&self, what: &str) -> StoreError {
        StoreError::permanent(format!(
            "the token file {} {what}; it is left as it is: restore a copy, or move it away and have the accounts \
             authorize the app again",
            self.path.display()
        ))
    }
}

/// Opens or creates a file that, on Unix, only its owner may read and write.
fn open_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::fs::Permissions;
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        let file = options.mode(0o600).open(path)?;
        // One that exists already may have been created with a wider mode.
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            file.set_permissions(Permissions::from_mode(0o600))?;
        }
        Ok(file)
    }
    #[cfg(not(unix))]
    options.open(path)
}

/// The context of a file's seal: all of its records.
fn context(records: &BTreeMap<u64, String>) -> Result<String, StoreError> {
    let records = serde_json::to_string(records)
        .map_err(|_| StoreError::permanent("the token file cannot be written as JSON"))?;
    Ok(format!("{CONTEXT} {records}"))
}

debug_fields!(FileStore, |store| path: store.file.path);
