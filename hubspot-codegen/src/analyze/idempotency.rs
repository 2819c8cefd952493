//! Operations that can be repeated, and those that change nothing.
//!
//! Method and path alone tell them.

use std::collections::BTreeSet;

use crate::model::{Model, Operation, OperationId};

/// The operations for which `holds`.
pub(super) fn operations(model: &Model, holds: fn(&Operation) -> bool) -> BTreeSet<OperationId> {
    let operations = model
        .operations
        .iter()
        .filter(|endpoint| holds(&endpoint.operation));
    operations.map(|endpoint| endpoint.id.clone()).collect()
}

/// Returns whether a second, equal request leaves HubSpot as the first one did.
///
/// GET, PUT and DELETE do by the definition of HTTP. A PATCH does because HubSpot's set the values that they name. A POST
/// does when it only reads, or when its path says that it updates, upserts or archives what its body identifies.
pub(super) fn is_idempotent(operation: &Operation) -> bool {
    const POSTS: [&str; 3] = ["/upsert", "/batch/update", "/batch/archive"];
    match operation.method.as_str() {
        "PUT" | "DELETE" | "PATCH" => true,
        "POST" => is_read_only(operation) || POSTS.iter().any(|end| operation.path.ends_with(end)),
        _ => is_read_only(operation),
    }
}

/// Returns whether the operation only reads.
pub(super) fn is_read_only(operation: &Operation) -> bool {
    only_reads(operation.method.as_str(), &operation.path)
}

/// Returns whether a request with this method, in any case, to this path only reads: every GET, searches and reads of batches.
pub fn only_reads(method: &str, path: &str) -> bool {
    // Elsewhere, `read` may be what is done: a notification is marked as read.
    let reads_batch = path.contains("/batch/") && path.ends_with("/read");
    let is_read = reads_batch || path.ends_with("/search");
    method.eq_ignore_ascii_case("get") || method.eq_ignore_ascii_case("post") && is_read
}

#[cfg(test)]
mod tests {
    use super::only_reads;

    #[test]
    fn the_end_of_the_path_says_which_posts_read() {
        for (method, path, expected) in [
            ("get", "/a/read", true),
            ("GET", "/a", true),
            ("POST", "/crm/objects/v3/contacts/search", true),
            ("post", "/a/batch/read", true),
            ("POST", "/statuses/batch/unsubscribe-all/read", true),
            ("POST", "/notifications/{id}/read", false),
            ("POST", "/a/batch/read/all", false),
            ("PUT", "/a/search", false),
        ] {
            assert_eq!(only_reads(method, path), expected, "{method} {path}");
        }
    }
}
