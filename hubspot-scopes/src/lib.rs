//! What an operation of HubSpot's API needs to be allowed, as a value.
//!
//! A [`Requirement`] is made of the security entries of an OpenAPI document, or parsed from the text of a
//! `#[hubspot_scopes(...)]` attribute. It tells whether a set of scopes satisfies it and what is missing, and
//! [`least_privilege`] finds the set with the least power that satisfies many.
//!
//! A requirement is an *any-of* over [`Alternative`]s; an alternative is an *all-of* over scopes, exactly as OpenAPI
//! has it: the entries of `security` are alternatives, the scopes within one entry are all needed.
//!
//! ```
//! use std::collections::BTreeSet;
//! use hubspot_scopes::{Requirement, least_privilege};
//!
//! let list_schemas: Requirement = r#"any("crm.objects.custom.read", "crm.schemas.custom.read")"#.parse()?;
//! let read_contact: Requirement = r#""crm.objects.contacts.read""#.parse()?;
//!
//! let granted = BTreeSet::from(["crm.objects.contacts.read".to_owned()]);
//! assert!(read_contact.satisfied_by(&granted));
//! assert!(!list_schemas.satisfied_by(&granted));
//!
//! let least = least_privilege(&[list_schemas, read_contact]);
//! assert_eq!(Vec::from_iter(least), ["crm.objects.contacts.read", "crm.objects.custom.read"]);
//! # Ok::<(), hubspot_scopes::ParseRequirementError>(())
//! ```
//!
//! The macros, the code generator, the client, the mock and the audit all use this crate. It has no dependencies unless
//! the feature `app-file` is on, which reads `app-hsmeta.json` with `serde_json`.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "app-file")]
pub mod app_file;
mod custom;
mod describe;
mod fault;
pub mod grammar;
mod least;
mod lists;
mod login;
pub mod message;
mod name;
mod power;
mod requirement;
pub mod security;
mod sensitivity;
mod text;
mod weight;

pub use custom::is_custom_object;
pub use describe::Description;
pub use fault::{ScopeFault, ScopeFaultReason};
pub use least::{LeastPrivilege, least_privilege};
pub use lists::{ParseScopeListError, ScopeList, ScopeLists};
pub use login::{LoginKind, LoginKinds, ParseLoginKindError};
pub use name::{ScopeNameError, spell_oauth, trait_name, trait_names};
pub use power::{OperationCount, Power};
pub use requirement::{Alternative, Requirement};
pub use sensitivity::Sensitivity;
pub use text::{ParseRequirementError, names};

/// Its examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
