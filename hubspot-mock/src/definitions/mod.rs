//! What HubSpot defines, and what an account, an app or a test may define: object types, properties, operations, limits.

pub(crate) mod app;
pub(crate) mod association_type;
pub(crate) mod conflict_body;
pub(crate) mod endpoints;
pub(crate) mod fault;
pub(crate) mod invalid_values;
pub(crate) mod normalize;
pub(crate) mod object_type;
pub(crate) mod operation;
pub(crate) mod owner;
pub(crate) mod pipeline;
pub(crate) mod property;
pub(crate) mod property_type;
pub(crate) mod rule;
pub(crate) mod standard;
pub(crate) mod tier;
pub(crate) mod token_kind;
pub(crate) mod value;

pub(crate) use self::app::{App, ErrorShape, InvalidApp, Rotation};
pub(crate) use self::association_type::{AssociationType, Category, Spec};
pub(crate) use self::conflict_body::ConflictBody;
pub(crate) use self::endpoints::{endpoints, fixed_answer};
pub(crate) use self::fault::{Effect, Fault, Target};
pub(crate) use self::invalid_values::InvalidValues;
pub(crate) use self::normalize::{BadValue, check_rules, normalize};
pub(crate) use self::object_type::{Group, Labels, ObjectType, RequiredProperties, Schema};
pub(crate) use self::operation::{Operation, UnknownOperation, check_operation};
pub(crate) use self::owner::Owner;
pub(crate) use self::pipeline::{Pipeline, PipelineProperties, Stage};
pub(crate) use self::property::{Choice, Choices, Identity, Property, Role};
pub(crate) use self::property_type::PropertyType;
pub(crate) use self::rule::ValidationRule;
pub(crate) use self::tier::{Policy, Tier};
pub(crate) use self::token_kind::StaticKind;
pub(crate) use self::value::{Key, is_email, key, lower, moment, moment_text, number, timestamp};
