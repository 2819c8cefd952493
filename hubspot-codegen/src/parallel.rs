//! Maps values on several threads, keeping their order.

use std::panic::resume_unwind;
use std::thread;

/// Applies `work` to every value, on as many threads as the machine has to offer.
pub fn map<T: Sync, R: Send>(values: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism()
        .map_or(1, usize::from)
        .min(values.len());
    if threads < 2 {
        return values.iter().map(work).collect();
    }
    let work = &work;
    // Every thread takes each n-th value: neighbours are often of like size.
    let mut parts = thread::scope(|scope| {
        let spawn = |first| {
            scope.spawn(move || {
                values
                    .iter()
                    .skip(first)
                    .step_by(threads)
                    .map(work)
                    .collect::<Vec<_>>()
            })
        };
        let running = (0..threads).map(spawn).collect::<Vec<_>>();
        let join = |part: thread::ScopedJoinHandle<'_, Vec<R>>| {
            part.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        running
            .into_iter()
            .map(join)
            .map(Vec::into_iter)
            .collect::<Vec<_>>()
    });
    (0..values.len())
        .filter_map(|index| parts[index % threads].next())
        .collect()
}
