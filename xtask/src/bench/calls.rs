//! The ten calls that each measured program makes, and where a peer's code has them.

/// One of the ten calls.
pub(super) struct Call {
    /// Replaced by the name of the peer's function.
    pub(super) placeholder: &'static str,
    pub(super) module: &'static str,
    pub(super) method: &'static str,
    /// The path template, without the names of its parameters.
    pub(super) path: &'static str,
}

/// The ten calls: placeholder, method and path.
const CALLS: &str = "\
CONTACTS_LIST get /crm/objects/2026-09/{}
CONTACTS_CREATE post /crm/objects/2026-09/{}
CONTACTS_GET get /crm/objects/2026-09/{}/{}
CONTACTS_UPDATE patch /crm/objects/2026-09/{}/{}
CONTACTS_SEARCH post /crm/objects/2026-09/{}/search
CONTACTS_BATCH_UPSERT post /crm/objects/2026-09/{}/batch/upsert
COMPANIES_CREATE post /crm/objects/2026-09/{}
COMPANIES_BATCH_READ post /crm/objects/2026-09/{}/batch/read
LINE_ITEMS_ARCHIVE delete /crm/objects/2026-09/{}/{}
SCHEMAS_LIST get /crm-object-schemas/2026-09/schemas
";

/// The ten calls.
pub(super) fn calls() -> impl Iterator<Item = Call> {
    CALLS.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let placeholder = words.next()?;
        let start = placeholder.to_lowercase();
        let module = super::APIS.into_iter().find(|api| start.starts_with(api))?;
        Some(Call {
            placeholder,
            module,
            method: words.next()?,
            path: words.next()?,
        })
    })
}
