//! A token store in memory.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Saved, StoreFuture, TokenRecord, TokenStore};
use crate::debug::debug_fields;

/// A token store in memory: for tests, and for tools that run once. It is an app's default.
///
/// After a restart every account must be authorized again.
#[derive(Default)]
pub struct MemoryStore(Mutex<HashMap<u64, TokenRecord>>);

impl MemoryStore {
    fn records(&self) -> MutexGuard<'_, HashMap<u64, TokenRecord>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenStore for MemoryStore {
    fn load(&self, hub_id: u64) -> StoreFuture<'_, Option<TokenRecord>> {
        Box::pin(async move { Ok(self.records().get(&hub_id).cloned()) })
    }

    fn save<'a>(&'a self, record: &'a TokenRecord) -> StoreFuture<'a, Saved> {
        Box::pin(async move {
            let mut records = self.records();
            let later = |kept: &TokenRecord| kept.fence > record.fence;
            if records.get(&record.hub_id).is_some_and(later) {
                return Ok(Saved::Superseded);
            }
            records.insert(record.hub_id, record.clone());
            Ok(Saved::Kept)
        })
    }

    fn remove(&self, hub_id: u64) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            self.records().remove(&hub_id);
            Ok(())
        })
    }
}

debug_fields!(MemoryStore, |store| accounts: store.records().len());
