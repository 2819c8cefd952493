//! At most one refresh per account at a time, within this process.
//!
//! The refresh is a task of its own, so that it ends even if all who wait for it are dropped.

use std::sync::{Arc, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::timeout;

use super::error::OAuthError;
use super::refresh;
use super::runtime::{GRACE, is_stuck};
use super::state::{Account, Context, InFlight, Outcome, Trigger};

/// Waits for the refresh in flight, or starts one.
pub(super) async fn join(context: &Context, trigger: &Trigger) -> Outcome {
    let (in_flight, started_here) = get_or_start(context, trigger);
    let tries_again = in_flight.tries_again;
    let outcome = wait(context, trigger, in_flight).await;
    // A refresh that was in flight may have begun before the token was refused, or may have tried nothing.
    let is_sufficient = match trigger {
        Trigger::Due(_) => true,
        Trigger::Refused(token) => !matches!(&outcome, Ok(current) if current.token == *token),
        Trigger::TryAgain => tries_again,
    };
    if started_here || is_sufficient {
        return outcome;
    }
    let (in_flight, _) = get_or_start(context, trigger);
    wait(context, trigger, in_flight).await
}

/// Waits for a refresh. Starts another if nothing drives the runtime of that one.
async fn wait(context: &Context, trigger: &Trigger, mut in_flight: InFlight) -> Outcome {
    let hub_id = Some(context.hub_id());
    let interrupted = || Arc::new(OAuthError::Interrupted { hub_id });
    loop {
        let mut outcome = in_flight.outcome.clone();
        if let Ok(ended) = timeout(GRACE, outcome.wait_for(Option::is_some)).await {
            let outcome = ended.map_err(|_| interrupted())?;
            return outcome.clone().ok_or_else(interrupted)?;
        }
        if is_stuck(&in_flight.runtime).await {
            clear(&context.account, &in_flight.outcome);
            in_flight = get_or_start(context, trigger).0;
        }
    }
}

/// Returns the refresh in flight, or starts one; tells whether it did.
fn get_or_start(context: &Context, trigger: &Trigger) -> (InFlight, bool) {
    let mut slot = slot(&context.account);
    if let Some(in_flight) = &*slot {
        return (in_flight.clone(), false);
    }
    // One may have ended since the caller looked.
    let ended = context
        .fresh()
        .filter(|current| Some(&current.token) != trigger.refused())
        .map(Ok);
    let has_ended = ended.is_some();
    let (sender, outcome) = watch::channel(ended);
    let in_flight = InFlight {
        runtime: Handle::current(),
        tries_again: matches!(trigger, Trigger::TryAgain),
        outcome: outcome.clone(),
    };
    if !has_ended {
        *slot = Some(in_flight.clone());
        // A runtime that is shut down drops the task at once, which clears the slot.
        drop(slot);
        let guard = ClearSlot(Arc::clone(&context.account), outcome);
        let task = run(guard, context.clone(), trigger.clone(), sender);
        context.shared.spawn(task);
    }
    (in_flight, true)
}

/// Refreshes, and publishes the outcome.
///
/// `guard` clears the slot before the outcome is published, also if the refresh panics, or if its runtime is shut down
/// before it begins.
async fn run(
    guard: ClearSlot,
    context: Context,
    trigger: Trigger,
    sender: watch::Sender<Option<Outcome>>,
) {
    let outcome = refresh::refresh(&context, &trigger).await;
    drop(guard);
    sender.send_replace(Some(outcome.map_err(Arc::new)));
}

/// Clears the slot of the refresh in flight when it is dropped.
struct ClearSlot(Arc<Account>, watch::Receiver<Option<Outcome>>);

impl Drop for ClearSlot {
    fn drop(&mut self) {
        clear(&self.0, &self.1);
    }
}

/// Clears the slot, unless another refresh is in flight by now.
fn clear(account: &Account, outcome: &watch::Receiver<Option<Outcome>>) {
    let is_same = |in_flight: &mut InFlight| in_flight.outcome.same_channel(outcome);
    slot(account).take_if(is_same);
}

fn slot(account: &Account) -> MutexGuard<'_, Option<InFlight>> {
    account
        .in_flight
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}
