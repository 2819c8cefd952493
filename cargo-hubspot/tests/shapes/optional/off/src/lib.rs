//! The client is optional, and off: there is nothing to see.

#[cfg(feature = "crm")]
compile_error!("the audit has switched the client on");
