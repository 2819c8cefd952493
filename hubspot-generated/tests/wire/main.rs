//! The client against raw bytes: what it puts on the wire, and what it makes of what comes back.

mod bodies;
mod builder;
#[cfg(feature = "objects")]
mod downloads;
mod errors;
mod faults;
mod models;
#[cfg(feature = "oauth")]
mod oauth;
mod objects_of;
mod paging;
mod recorder;
mod requests;
mod responses;
mod server;
mod spans;
#[cfg(feature = "v3")]
mod v3;
mod values;
mod waits;
mod walks;

use hubspot_generated::models::{ObjectPage, SearchPage};
use hubspot_generated::{
    BatchError, Client, ClientBuilder, DateTime, Download, Error, Items, Operation, Pages,
    Properties, Request, Response, Secret, Unchecked,
};

/// A value of the public interface can go to another thread, whatever its scope set.
#[test]
fn everything_public_is_send_and_sync() {
    fn check<T: Send + Sync + 'static>() {}
    fn check_send<T: Send + Unpin + 'static>() {}
    struct NotSync(#[expect(dead_code, reason = "it is about the type")] std::cell::Cell<u8>);

    check::<Client<NotSync>>();
    check::<ClientBuilder<Unchecked>>();
    check::<Error>();
    check::<BatchError>();
    check::<Request<NotSync>>();
    check::<Response<ObjectPage>>();
    check::<Operation>();
    check::<Download>();
    check::<(Properties, DateTime, Secret)>();

    check_send::<Pages<ObjectPage>>();
    check_send::<Items<SearchPage>>();
    check_send::<Download>();
}
