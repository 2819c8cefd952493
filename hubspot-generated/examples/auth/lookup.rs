//! Measures the lookup of a fresh token, beside a plain load of an `ArcSwap`.
//!
//! Prints nanoseconds per lookup: the median of several rounds, which alternate between the two.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use arc_swap::ArcSwap;
use hubspot_generated::oauth::{MemoryStore, TokenStore};

use crate::{ACCOUNT, Outcome, app, record, tell};

/// How often something is looked up in a round.
const LOOKUPS: u32 = 1_000_000;
/// How many rounds there are.
const ROUNDS: usize = 15;

pub(crate) async fn measure() -> Outcome {
    let store = MemoryStore::default();
    store.save(&record(4_000_000_000)?).await?;
    let app = app("http://127.0.0.1:1").store(store).build()?;
    let tokens = app.tokens().account(ACCOUNT);
    tokens.access_token().await?;
    let plain = ArcSwap::from_pointee("a".repeat(512));

    let mut rounds: [Vec<f64>; 4] = Default::default();
    for _ in 0..ROUNDS {
        rounds[0].push(time(|| drop(black_box(plain.load()))));
        rounds[1].push(time(|| {
            black_box(Arc::clone(&plain.load()));
        }));
        rounds[2].push(time(|| {
            black_box(tokens.fresh());
        }));
        let start = Instant::now();
        for _ in 0..LOOKUPS {
            black_box(tokens.access_token().await?);
        }
        rounds[3].push(each(start));
    }
    let names = ["load", "load and clone", "fresh", "access_token"];
    for (name, mut round) in names.into_iter().zip(rounds) {
        round.sort_by(f64::total_cmp);
        tell(name, round[ROUNDS / 2]);
    }
    Ok(())
}

/// Nanoseconds that `work` takes.
fn time(mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..LOOKUPS {
        work();
    }
    each(start)
}

fn each(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e9 / f64::from(LOOKUPS)
}
