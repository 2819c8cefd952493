//! The exclusive hold of an account's record, within this process.
//!
//! A task may hold the record in a runtime that is kept but not driven any more, for example one of a single thread that
//! nothing polls. Tasks of other runtimes then take the record over: at once if no token was sent, and otherwise when the
//! request for tokens has surely ended. A task whose hold was taken over sends nothing any more.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::OwnedMutexGuard;
use tokio::time::timeout;

use super::endpoint;
use super::error::OAuthError;
use super::runtime::{GRACE, is_stuck};
use super::state::{Context, Holder, Known, Shelf};

/// The record of an account, held until this is dropped.
pub(super) struct Hold {
    context: Context,
    known: Known,
    turn: Arc<tokio::sync::Mutex<()>>,
    _guard: OwnedMutexGuard<()>,
}

impl Hold {
    /// Waits until nobody else holds the record.
    pub(super) async fn wait(context: &Context) -> Self {
        loop {
            let turn = Arc::clone(&context.account.shelf().turn);
            let guard = if let Ok(guard) = Arc::clone(&turn).try_lock_owned() {
                guard
            } else if let Ok(guard) = timeout(GRACE, Arc::clone(&turn).lock_owned()).await {
                guard
            } else {
                take_over(context, &turn).await;
                continue;
            };
            let mut shelf = context.account.shelf();
            if Arc::ptr_eq(&shelf.turn, &turn) {
                shelf.holder = Some(Holder {
                    runtime: Handle::current(),
                    sent_at: None,
                });
                return Self {
                    known: shelf.known.clone(),
                    context: context.clone(),
                    turn,
                    _guard: guard,
                };
            }
        }
    }

    /// Calls `change` unless the record was taken over. Returns whether it was called.
    fn if_held(&self, change: impl FnOnce(&mut Shelf)) -> bool {
        let mut state = self.context.account.shelf();
        let is_held = Arc::ptr_eq(&state.turn, &self.turn);
        if is_held {
            change(&mut state);
        }
        is_held
    }

    /// Must precede each request that sends or revokes a token of the account. Fails if the record was taken over.
    pub(super) fn begin_sending(&self) -> Result<(), OAuthError> {
        let now = self.context.shared.clock.now();
        let begin = |shelf: &mut Shelf| {
            if let Some(holder) = &mut shelf.holder {
                holder.sent_at = Some(now);
            }
        };
        let hub_id = Some(self.context.hub_id());
        let is_held = self.if_held(begin);
        is_held
            .then_some(())
            .ok_or(OAuthError::Interrupted { hub_id })
    }

    /// Lets those who take the record over know what is known so far. Returns whether the record is still held.
    pub(super) fn publish(&self) -> bool {
        self.if_held(|shelf| shelf.known.clone_from(&self.known))
    }
}

impl Deref for Hold {
    type Target = Known;

    fn deref(&self) -> &Known {
        &self.known
    }
}

impl DerefMut for Hold {
    fn deref_mut(&mut self) -> &mut Known {
        &mut self.known
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let known = std::mem::take(&mut self.known);
        self.if_held(|shelf| {
            shelf.known = known;
            shelf.holder = None;
        });
    }
}

/// Takes the record from its holder if nothing drives the holder's runtime.
async fn take_over(context: &Context, turn: &Arc<tokio::sync::Mutex<()>>) {
    let runtime = {
        let shelf = context.account.shelf();
        shelf.holder.as_ref().map(|holder| holder.runtime.clone())
    };
    if let Some(runtime) = &runtime
        && !is_stuck(runtime).await
    {
        return;
    }
    let now = context.shared.clock.now();
    let mut shelf = context.account.shelf();
    let may_take = match (&shelf.holder, &runtime) {
        // It is the turn of one that does not come. If it comes after all, it queues again.
        (None, _) => true,
        // Until then HubSpot may handle the request. Later, the response is as good as lost.
        (Some(holder), Some(runtime)) if holder.runtime.id() == runtime.id() => holder
            .sent_at
            .is_none_or(|sent| now.saturating_duration_since(sent) >= endpoint::MAX_DURATION),
        _ => false,
    };
    if may_take && Arc::ptr_eq(&shelf.turn, turn) {
        let hub_id = context.hub_id();
        tracing::warn!(
            hub_id,
            "nothing drives the runtime of a task that handles tokens; another goes on"
        );
        shelf.turn = Arc::default();
        shelf.holder = None;
    }
}
