//! Fields that documents require and HubSpot does not.

use crate::table::Schema;

/// Objects whose `displayOrder` HubSpot requires as its documents do.
const ORDERED: [&str; 2] = ["CreatePipeline", "CreatePipelineStage"];

/// Fields that documents require, but HubSpot does not: of these types, or of all.
const OPTIONAL_IN_PRACTICE: [(&str, &[&str]); 5] = [
    (
        "",
        &[
            "allowsSensitiveProperties",
            "dataSensitivity",
            "displayOrder",
            "hidden",
            "shouldCreateSameObjectAssociation",
        ],
    ),
    (
        "ListSearch",
        &[
            "additionalProperties",
            "listIds",
            "offset",
            "processingTypes",
        ],
    ),
    ("ExportListRequest", &EXPORTS),
    ("ExportViewRequest", &EXPORTS),
    ("CrmSearchRequest", &["filterGroups", "filters", "sorts"]),
];

/// What requests for exports leave out.
const EXPORTS: [&str; 6] = [
    "associatedObjectType",
    "exportInternalValuesOptions",
    "includeLabeledAssociations",
    "includePrimaryDisplayPropertyForAssociatedObjects",
    "language",
    "overrideAssociatedObjectsPerDefinitionPerRowLimit",
];

/// Whether HubSpot takes an object without a field that its document requires.
pub(super) fn is_optional_in_practice(schema: &Schema, field: &str) -> bool {
    let mut known = OPTIONAL_IN_PRACTICE.iter();
    let is_required = ORDERED.contains(&schema.name) && field == "displayOrder";
    !is_required
        && known
            .any(|(ty, fields)| (ty.is_empty() || *ty == schema.name) && fields.contains(&field))
}
