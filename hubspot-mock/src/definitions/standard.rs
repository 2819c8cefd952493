//! HubSpot's own object types, with the properties that integrations use most. HubSpot has hundreds for each type; tests
//! define what else they need.

use crate::definitions::{Identity, ObjectType, Property, PropertyType, RequiredProperties, Role};
use crate::generated_object_types::OBJECT_TYPES;
use crate::table::ObjectType as Facts;

use PropertyType::{Checkboxes, Date, DateTime, Email, Enumeration, Flag, Number, Phone, Text};

/// The properties of one of HubSpot's object types. All other facts come from `specs/object-types.toml`.
struct Standard {
    path: &'static str,
    /// What a read returns if the request names no properties, besides the id and the times.
    shown: &'static [&'static str],
    /// What a search by text looks at.
    searched: &'static [&'static str],
    properties: &'static [(&'static str, PropertyType)],
    options: &'static [(&'static str, &'static [&'static str])],
}

const LIFECYCLE: (&str, &[&str]) = (
    "lifecyclestage",
    &[
        "subscriber",
        "lead",
        "marketingqualifiedlead",
        "salesqualifiedlead",
        "opportunity",
        "customer",
        "evangelist",
        "other",
    ],
);

static STANDARD: [Standard; 6] = [
    Standard {
        path: "contacts",
        shown: &["email", "firstname", "lastname"],
        searched: &[
            "firstname",
            "lastname",
            "email",
            "phone",
            "mobilephone",
            "fax",
            "company",
            "hs_additional_emails",
        ],
        properties: &[
            ("email", Email),
            ("firstname", Text),
            ("lastname", Text),
            ("salutation", Text),
            ("jobtitle", Text),
            ("company", Text),
            ("website", Text),
            ("phone", Text),
            ("mobilephone", Text),
            ("fax", Text),
            ("address", Text),
            ("city", Text),
            ("state", Text),
            ("zip", Text),
            ("country", Text),
            ("industry", Text),
            ("message", Text),
            ("date_of_birth", Text),
            ("annualrevenue", Text),
            ("numemployees", Text),
            ("associatedcompanyid", Number),
            ("hubspot_owner_id", Text),
            ("closedate", DateTime),
            ("notes_last_contacted", DateTime),
            ("lifecyclestage", Enumeration),
            ("hs_lead_status", Enumeration),
            ("hs_buying_role", Checkboxes),
            ("hs_email_optout", Flag),
            ("hs_language", Text),
            ("hs_additional_emails", Text),
        ],
        options: &[
            LIFECYCLE,
            (
                "hs_lead_status",
                &[
                    "NEW",
                    "OPEN",
                    "IN_PROGRESS",
                    "OPEN_DEAL",
                    "UNQUALIFIED",
                    "ATTEMPTED_TO_CONTACT",
                    "CONNECTED",
                    "BAD_TIMING",
                ],
            ),
            (
                "hs_buying_role",
                &[
                    "BLOCKER",
                    "BUDGET_HOLDER",
                    "CHAMPION",
                    "DECISION_MAKER",
                    "END_USER",
                    "EXECUTIVE_SPONSOR",
                    "INFLUENCER",
                    "LEGAL_AND_COMPLIANCE",
                    "OTHER",
                ],
            ),
        ],
    },
    Standard {
        path: "companies",
        shown: &["name", "domain"],
        searched: &["name", "domain", "website", "phone"],
        properties: &[
            ("name", Text),
            ("domain", Text),
            ("website", Text),
            ("industry", Text),
            ("description", Text),
            ("phone", Text),
            ("address", Text),
            ("address2", Text),
            ("city", Text),
            ("state", Text),
            ("zip", Text),
            ("country", Text),
            ("numberofemployees", Number),
            ("annualrevenue", Number),
            ("founded_year", Text),
            ("is_public", Flag),
            ("type", Enumeration),
            ("lifecyclestage", Enumeration),
            ("hubspot_owner_id", Text),
            ("closedate", DateTime),
        ],
        options: &[
            LIFECYCLE,
            (
                "type",
                &["PROSPECT", "PARTNER", "RESELLER", "VENDOR", "OTHER"],
            ),
        ],
    },
    Standard {
        path: "deals",
        shown: &["amount", "closedate", "dealname", "dealstage", "pipeline"],
        searched: &[
            "dealname",
            "pipeline",
            "dealstage",
            "description",
            "dealtype",
        ],
        properties: &[
            ("dealname", Text),
            ("amount", Number),
            ("closedate", DateTime),
            ("dealstage", Text),
            ("pipeline", Text),
            ("description", Text),
            ("dealtype", Enumeration),
            ("hs_priority", Enumeration),
            ("hubspot_owner_id", Text),
        ],
        options: &[
            ("dealtype", &["newbusiness", "existingbusiness"]),
            ("hs_priority", &["low", "medium", "high"]),
        ],
    },
    Standard {
        path: "tickets",
        shown: &[
            "content",
            "hs_pipeline",
            "hs_pipeline_stage",
            "hs_ticket_category",
            "hs_ticket_priority",
            "subject",
        ],
        searched: &[
            "subject",
            "content",
            "hs_pipeline_stage",
            "hs_ticket_category",
        ],
        properties: &[
            ("subject", Text),
            ("content", Text),
            ("hs_pipeline", Text),
            ("hs_pipeline_stage", Text),
            ("hs_ticket_category", Text),
            ("hs_ticket_priority", Enumeration),
            ("hubspot_owner_id", Text),
        ],
        options: &[("hs_ticket_priority", &["LOW", "MEDIUM", "HIGH", "URGENT"])],
    },
    Standard {
        path: "products",
        shown: &["description", "name", "price"],
        searched: &["name", "description", "price", "hs_sku"],
        properties: &[
            ("name", Text),
            ("description", Text),
            ("price", Number),
            ("hs_sku", Text),
            ("hs_cost_of_goods_sold", Number),
            ("hs_recurring_billing_period", Text),
            ("hs_url", Text),
        ],
        options: &[],
    },
    Standard {
        path: "line_items",
        shown: &["amount", "hs_product_id", "quantity"],
        searched: &["name", "description", "hs_sku"],
        properties: &[
            ("name", Text),
            ("description", Text),
            ("price", Number),
            ("quantity", Number),
            ("amount", Number),
            ("discount", Number),
            ("hs_discount_percentage", Number),
            ("hs_product_id", Number),
            ("hs_sku", Text),
            ("hs_cost_of_goods_sold", Number),
            ("hs_line_item_currency_code", Text),
            ("hs_position_on_quote", Number),
            ("hs_recurring_billing_period", Text),
            ("hs_recurring_billing_start_date", Date),
            ("recurringbillingfrequency", Enumeration),
            ("hs_url", Text),
            ("hs_contact_phone", Phone),
        ],
        options: &[(
            "recurringbillingfrequency",
            &[
                "weekly",
                "biweekly",
                "monthly",
                "quarterly",
                "per_six_months",
                "annually",
                "per_two_years",
                "per_three_years",
                "per_four_years",
                "per_five_years",
            ],
        )],
    },
];

/// Returns the object types that every account has.
pub(crate) fn object_types() -> impl Iterator<Item = ObjectType> {
    OBJECT_TYPES.iter().filter_map(|facts| {
        let standard = STANDARD.iter().find(|known| known.path == facts.path)?;
        Some(object_type(facts, standard))
    })
}

/// Adds the properties that HubSpot computes for every record.
pub(crate) fn add_computed(ty: &mut ObjectType, created: &str, updated: &str) {
    let computed = [
        ("hs_object_id", Number, Role::Id),
        (created, DateTime, Role::Created),
        (updated, DateTime, Role::Updated),
        ("hs_merged_object_ids", Text, Role::ReadOnly),
    ];
    for (name, property_type, role) in computed {
        let mut property = own(name, property_type);
        property.role = role;
        ty.add(property);
    }
}

fn object_type(facts: &Facts, standard: &Standard) -> ObjectType {
    let mut ty = ObjectType::new(facts.id, facts.singular, facts.path);
    ty.required = RequiredProperties::AnyOf(facts.required_any);
    for (name, property_type) in standard.properties {
        let options = standard.options.iter().find(|(known, _)| known == name);
        let options = options.map_or(&[][..], |(_, options)| options);
        let mut property = own(name, *property_type).options(options.iter().copied());
        if facts.unique.contains(name) {
            property.identity = Identity::Unique;
        } else if facts.shared.contains(name) {
            property.identity = Identity::Shared;
        }
        if *name == "hs_additional_emails" {
            property.role = Role::ReadOnly;
        }
        ty.add(property);
    }
    add_computed(&mut ty, "createdate", facts.updated);
    let shown = standard.shown.iter().filter_map(|name| ty.find(name));
    let mut shown = shown.collect::<Vec<_>>();
    shown.extend(ty.always());
    ty.shown = shown;
    let searched = standard.searched.iter().filter_map(|name| ty.find(name));
    ty.searched = searched.collect();
    ty
}

fn own(name: &str, ty: PropertyType) -> Property {
    let mut property = Property::new(name, ty);
    property.hubspot_defined = true;
    property
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_type_of_the_table_has_properties() {
        let paths = OBJECT_TYPES.iter().map(|facts| facts.path);
        let types = object_types().collect::<Vec<_>>();
        let names = types.iter().map(|ty| ty.plural.as_str());
        assert_eq!(names.collect::<Vec<_>>(), paths.collect::<Vec<_>>());
        for (facts, ty) in OBJECT_TYPES.iter().zip(&types) {
            let lists = [facts.unique, facts.shared, facts.required_any];
            for name in lists.into_iter().flatten() {
                assert!(ty.find(name).is_some(), "{}: {name}", facts.path);
            }
        }
    }
}
