//! Exclusive access to an account's record within this process.
//!
//! A task may hold the record in a runtime that is kept but not driven any more, for example one of a single thread that
//! nothing polls. Tasks of other runtimes then take the record over: at once if no token was sent, and otherwise when the
//! request for tokens has surely ended. A task whose record was taken over sends nothing any more.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::OwnedMutexGuard;
use tokio::time::timeout;

use super::endpoint;
use super::error::OAuthError;
use super::runtime::{GRACE, is_stuck};
use super::state::{AccountState, Context, Holder, Known};

/// The record of an account, held until this is dropped.
pub(super) struct RecordGuard {
    context: Context,
    known: Known,
    mutex: Arc<tokio::sync::Mutex<()>>,
    _guard: OwnedMutexGuard<()>,
}

impl RecordGuard {
    /// Waits until nobody else holds the record.
    pub(super) async fn wait(context: &Context) -> Self {
        loop {
            let mutex = Arc::clone(&context.account.state().mutex);
            let guard = if let Ok(guard) = Arc::clone(&mutex).try_lock_owned() {
                guard
            } else if let Ok(guard) = timeout(GRACE, Arc::clone(&mutex).lock_owned()).await {
                guard
            } else {
                take_over(context, &mutex).await;
                continue;
            };
            let mut state = context.account.state();
            if Arc::ptr_eq(&state.mutex, &mutex) {
                state.holder = Some(Holder {
                    runtime: Handle::current(),
                    sent_at: None,
                });
                return Self {
                    known: state.known.clone(),
                    context: context.clone(),
                    mutex,
                    _guard: guard,
                };
            }
        }
    }

    /// Calls `change` unless the record was taken over. Returns whether it was called.
    fn if_held(&self, change: impl FnOnce(&mut AccountState)) -> bool {
        let mut state = self.context.account.state();
        let is_held = Arc::ptr_eq(&state.mutex, &self.mutex);
        if is_held {
            change(&mut state);
        }
        is_held
    }

    /// Must precede each request that sends or revokes a token of the account. Fails if the record was taken over.
    pub(super) fn begin_sending(&self) -> Result<(), OAuthError> {
        let now = self.context.shared.clock.now();
        let begin = |state: &mut AccountState| {
            if let Some(holder) = &mut state.holder {
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
        self.if_held(|state| state.known.clone_from(&self.known))
    }
}

impl Deref for RecordGuard {
    type Target = Known;

    fn deref(&self) -> &Known {
        &self.known
    }
}

impl DerefMut for RecordGuard {
    fn deref_mut(&mut self) -> &mut Known {
        &mut self.known
    }
}

impl Drop for RecordGuard {
    fn drop(&mut self) {
        let known = std::mem::take(&mut self.known);
        self.if_held(|state| {
            state.known = known;
            state.holder = None;
        });
    }
}

/// Takes the record from its holder if nothing drives the holder's runtime.
async fn take_over(context: &Context, mutex: &Arc<tokio::sync::Mutex<()>>) {
    let runtime = {
        let state = context.account.state();
        state.holder.as_ref().map(|holder| holder.runtime.clone())
    };
    if let Some(runtime) = &runtime
        && !is_stuck(runtime).await
    {
        return;
    }
    let now = context.shared.clock.now();
    let mut state = context.account.state();
    let may_take = match (&state.holder, &runtime) {
        // The next in the queue does not come. If it comes after all, it queues again.
        (None, _) => true,
        // Until then HubSpot may handle the request. Later, the response is as good as lost.
        (Some(holder), Some(runtime)) if holder.runtime.id() == runtime.id() => holder
            .sent_at
            .is_none_or(|sent| now.saturating_duration_since(sent) >= endpoint::MAX_DURATION),
        _ => false,
    };
    if may_take && Arc::ptr_eq(&state.mutex, mutex) {
        let hub_id = context.hub_id();
        tracing::warn!(
            hub_id,
            "nothing drives the runtime of a task that handles tokens; another goes on"
        );
        state.mutex = Arc::default();
        state.holder = None;
    }
}
