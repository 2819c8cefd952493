//! The runtime of generated code, for code that `cargo hubspot generate` writes for other crates.
//!
//! Not part of the public API: it may change in any version. Its modules have the paths that this crate's own generated
//! code uses below `crate`.

/// Returns whether this runtime serves code that was generated for the given version of it.
pub const fn serves(version: u32) -> bool {
    version == VERSION
}

/// Raised whenever code that was generated before no longer compiles, or no longer means the same.
const VERSION: u32 = 4;

/// Returns whether `module`, a `module_path!()`, is the module `path` of its crate.
pub const fn is_module(module: &str, path: &str) -> bool {
    let (module, path) = (module.as_bytes(), path.as_bytes());
    let Some(mut start) = module.len().checked_sub(path.len()) else {
        return false;
    };
    // The crate's name, and two colons.
    if start < 3 || module[start - 1] != b':' {
        return false;
    }
    let mut at = 0;
    while at < start - 2 {
        if module[at] == b':' {
            return false;
        }
        at += 1;
    }
    at = 0;
    while at < path.len() {
        if module[start] != path[at] {
            return false;
        }
        start += 1;
        at += 1;
    }
    true
}

pub use crate::{Bytes, DateTime, DeveloperKey, Download, Request, hubspot_scopes};
pub use {serde, serde_json};

/// Does not compile without the feature `serde`.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __check_serde {
    () => {};
}
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __check_serde {
    () => {
        compile_error!("the models of this module implement serde's traits: switch on the feature `serde` of hubspot-generated");
    };
}
pub use __check_serde as check_serde;

pub mod batch {
    //! Responses of batch operations.
    pub use crate::__batch as batch;
    pub use crate::batch::Batch;
}

pub mod client {
    //! Clients and handles.
    pub use crate::client::{Client, handle};
}

pub mod decode {
    //! Reading JSON.
    pub use crate::__decode_fields as model_with_serde;
    pub use crate::__decode_model as model;
    pub use crate::decode::{Decode, DecodeError, Decoded, Decoder, ReadBody, Text, decode};
}

pub mod encode {
    //! Writing JSON.
    pub use crate::__encode_fields as model_with_serde;
    pub use crate::__encode_model as model;
    pub use crate::encode::{Encode, WriteBody, encode, object, text};
}

pub mod error {
    //! Errors within responses.
    pub use crate::error::{BatchError, ErrorDetail};
}

pub mod operation {
    //! Descriptions of operations.
    pub use crate::operation::{Authentication, Budget, Operation, Paging, describe};
}

pub mod page {
    //! Pages.
    pub use crate::__page as page;
    pub use crate::page::Page;
}

#[cfg(feature = "records")]
pub mod record {
    //! Records as types of the user.
    pub use crate::bulk::Bulk;
    pub use crate::bulk::records::*;
    pub use crate::record::*;
}

pub mod request {
    //! Requests.
    pub use crate::request::Request;
}

pub mod scopes {
    //! Traits of scopes. The aliases have no mark for the audit, since it is not a user who names the types.
    pub use crate::scopes::grants;

    /// The scope set that allows every call.
    pub type Unchecked = crate::scopes::Unchecked;

    pub mod __private {
        //! The engines of macros, and what marks implementations of scope sets.
        pub use crate::scopes::__private::{
            BY_SCOPE_SET, check_scopes, declare_scopes, state_request,
        };

        /// The type of the mark.
        pub type ByScopeSet = crate::scopes::__private::ByScopeSet;
    }
}

pub mod upload {
    //! Forms with files.
    pub use crate::__multipart as multipart;
    pub use crate::upload::{Form, Multipart, Upload};
}

pub mod values {
    //! Types of values.
    pub use crate::__constructor as constructor;
    pub use crate::__model as model;
    #[cfg(feature = "serde")]
    pub use crate::__model_with_serde as model_with_serde;
    pub use crate::__string_enum as string_enum;
    #[cfg(feature = "serde")]
    pub use crate::__string_enum_with_serde as string_enum_with_serde;
    pub use crate::values::{DateTime, Properties, Secret, Sort};
}

pub mod variants {
    //! Enums of objects.
    pub use crate::__variants as variants;
    #[cfg(feature = "serde")]
    pub use crate::__variants_with_serde as variants_with_serde;
    #[cfg(feature = "serde")]
    pub use crate::decode::decode_value;
    pub use crate::variants::{Mark, UNKNOWN, next_variant};
    #[cfg(feature = "serde")]
    pub use crate::variants::{of_serde, variant_of};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_known_by_its_path_in_its_crate() {
        assert!(is_module("app::hubspot", "hubspot"));
        assert!(is_module("app::api::hubspot", "api::hubspot"));
        for (module, path) in [
            ("app::api::hubspot", "hubspot"),
            ("app::hubspot", "api::hubspot"),
            ("app::my_hubspot", "hubspot"),
            ("hubspot", "hubspot"),
            ("app", "hubspot"),
        ] {
            assert!(!is_module(module, path), "{module} {path}");
        }
    }
}
