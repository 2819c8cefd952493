//! Where tokens are kept.
//!
//! Comes in: the record of an account. Goes out: the same record, to this process or another. Refuses: a record that is
//! older than the one that is kept.

#[cfg(feature = "token-file")]
mod file;
mod memory;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "token-file")]
mod seal;

use std::future::Future;
use std::pin::Pin;

use super::error::StoreError;
use super::record::TokenRecord;

#[cfg(feature = "token-file")]
pub use file::FileStore;
pub use memory::MemoryStore;
#[cfg(feature = "redis")]
pub use redis::{RedisLock, RedisStore};
#[cfg(feature = "token-file")]
pub use seal::{TokenKey, TokenKeys};

/// What a store or a lock does, which takes time.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Keeps the tokens of accounts. Bring your own, for example a table of your database.
///
/// There is one record an account. A store that outlives the process encrypts what it keeps, with a key that is kept
/// elsewhere, and binds it to the account.
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
///
/// use hubspot_generated::oauth::{Saved, StoreError, StoreFuture, TokenRecord, TokenStore};
///
/// /// One row an account.
/// #[derive(Default)]
/// struct Table(Mutex<HashMap<u64, TokenRecord>>);
///
/// impl TokenStore for Table {
///     fn load(&self, hub_id: u64) -> StoreFuture<'_, Option<TokenRecord>> {
///         Box::pin(async move {
///             let rows = self.0.lock().map_err(|_| StoreError::new("the table is broken"))?;
///             Ok(rows.get(&hub_id).cloned())
///         })
///     }
///
///     // UPDATE … WHERE fence <= $1
///     fn save<'a>(&'a self, record: &'a TokenRecord) -> StoreFuture<'a, Saved> {
///         Box::pin(async move {
///             let mut rows = self.0.lock().map_err(|_| StoreError::new("the table is broken"))?;
///             if rows.get(&record.hub_id).is_some_and(|row| row.fence > record.fence) {
///                 return Ok(Saved::Superseded);
///             }
///             rows.insert(record.hub_id, record.clone());
///             Ok(Saved::Kept)
///         })
///     }
///
///     fn remove(&self, hub_id: u64) -> StoreFuture<'_, ()> {
///         Box::pin(async move {
///             self.0.lock().map_err(|_| StoreError::new("the table is broken"))?.remove(&hub_id);
///             Ok(())
///         })
///     }
/// }
/// ```
pub trait TokenStore: Send + Sync + 'static {
    /// What is kept of an account.
    ///
    /// # Errors
    ///
    /// If the store cannot be read, or the record is not as it was written.
    fn load(&self, hub_id: u64) -> StoreFuture<'_, Option<TokenRecord>>;

    /// Keeps a record, in one step: whoever reads sees the old one or the new one. A record with a greater
    /// [`fence`](TokenRecord::fence) is left alone.
    ///
    /// # Errors
    ///
    /// If the record is not kept. It is then offered again later.
    fn save<'a>(&'a self, record: &'a TokenRecord) -> StoreFuture<'a, Saved>;

    /// Forgets an account.
    ///
    /// # Errors
    ///
    /// If the record may still be there.
    fn remove(&self, hub_id: u64) -> StoreFuture<'_, ()>;
}

/// What became of a record that was to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is kept.
    Kept,
    /// A later one is there already, and was left alone.
    Superseded,
}
