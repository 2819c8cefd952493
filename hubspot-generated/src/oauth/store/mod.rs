//! Token stores.

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

/// The future of an operation of a store or a lock.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Stores the tokens of accounts, one record per account. Implement it for your own database.
///
/// A store that outlives the process should encrypt records, with a key that is kept elsewhere, and bind each to its
/// account. An operation that takes longer than 10 seconds counts as failed.
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
    /// Loads the record of an account.
    ///
    /// # Errors
    ///
    /// If the store cannot be read, or the record was changed.
    fn load(&self, hub_id: u64) -> StoreFuture<'_, Option<TokenRecord>>;

    /// Saves a record atomically: readers see the old one or the new one. Does not replace a record with a greater
    /// [`fence`](TokenRecord::fence).
    ///
    /// # Errors
    ///
    /// If the record is not saved. It is then saved later.
    fn save<'a>(&'a self, record: &'a TokenRecord) -> StoreFuture<'a, Saved>;

    /// Removes the record of an account.
    ///
    /// # Errors
    ///
    /// If the record may still exist.
    fn remove(&self, hub_id: u64) -> StoreFuture<'_, ()>;
}

/// The result of saving a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Saved {
    /// The record is saved.
    Kept,
    /// The store has a later record, which it keeps.
    Superseded,
}
