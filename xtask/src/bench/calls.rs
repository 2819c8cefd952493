//! The ten calls that each measured program makes.
//!
//! In: nothing. Out: where each is found in a peer's code. Refuses nothing; it is data.

/// One of the ten calls.
pub(super) struct Call {
    /// Stands for the function in the program.
    pub(super) placeholder: &'static str,
    pub(super) module: &'static str,
    pub(super) method: &'static str,
    /// The path template, without the names of its parameters.
    pub(super) path: &'static str,
}

/// All of them.
pub(super) const CALLS: [Call; 10] = [
    Call::new(
        "CONTACTS_LIST",
        "contacts",
        "get",
        "/crm/objects/2026-09/{}",
    ),
    Call::new(
        "CONTACTS_CREATE",
        "contacts",
        "post",
        "/crm/objects/2026-09/{}",
    ),
    Call::new(
        "CONTACTS_GET",
        "contacts",
        "get",
        "/crm/objects/2026-09/{}/{}",
    ),
    Call::new(
        "CONTACTS_UPDATE",
        "contacts",
        "patch",
        "/crm/objects/2026-09/{}/{}",
    ),
    Call::new(
        "CONTACTS_SEARCH",
        "contacts",
        "post",
        "/crm/objects/2026-09/{}/search",
    ),
    Call::new(
        "CONTACTS_BATCH_UPSERT",
        "contacts",
        "post",
        "/crm/objects/2026-09/{}/batch/upsert",
    ),
    Call::new(
        "COMPANIES_CREATE",
        "companies",
        "post",
        "/crm/objects/2026-09/{}",
    ),
    Call::new(
        "COMPANIES_BATCH_READ",
        "companies",
        "post",
        "/crm/objects/2026-09/{}/batch/read",
    ),
    Call::new(
        "LINE_ITEMS_ARCHIVE",
        "line_items",
        "delete",
        "/crm/objects/2026-09/{}/{}",
    ),
    Call::new(
        "SCHEMAS_LIST",
        "schemas",
        "get",
        "/crm-object-schemas/2026-09/schemas",
    ),
];

impl Call {
    const fn new(
        placeholder: &'static str,
        module: &'static str,
        method: &'static str,
        path: &'static str,
    ) -> Self {
        Self {
            placeholder,
            module,
            method,
            path,
        }
    }
}
