//! Everything that the generator promises, in one program: one build, and tests of all areas side by side.

mod any_input;
mod any_text;
mod areas;
mod bad_config;
mod bad_files;
mod bad_input;
mod bad_names;
mod calls;
mod corpus;
mod diff;
mod documents;
mod drafts;
mod enums;
mod files;
mod fitting;
mod generator;
mod golden;
mod lint;
mod lowering;
mod names;
mod object_types;
mod openapi_3_1;
mod published;
